import type { Account } from '../account/account.ts';
import type { Period } from '../invoice-items/invoice-item.ts';
import { finalizeInvoice } from '../invoices/finalize-invoice.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { newLine } from '../invoices/line-item.ts';
import { automaticTax, daySeconds, newInvoice } from '../invoices/new-invoice.ts';
import { payInvoice } from '../invoices/pay-invoice.ts';
import { recomputeTotals } from '../invoices/recompute-totals.ts';
import { takePendingItems } from '../invoices/take-pending-items.ts';
import { countUsage } from '../meters/count-usage.ts';
import { lineAmount } from '../money/decimal.ts';
import { unitAmountIn } from '../prices/price.ts';
import { StripeRefusal } from '../wire/stripe-refusal.ts';
import type { Subscription, SubscriptionItem } from './subscription.ts';

type Reason =
  | 'subscription_create'
  | 'subscription_cycle'
  | 'subscription_update'
  | 'automatic_pending_invoice_item_invoice';

export interface Billing {
  /** Whether the invoice is collected at once, or left open. */
  isPaid: boolean;
  /** The period that ended; by default the invoice is about this instant. */
  ended?: Period;
}

/**
 * Makes the invoice of a subscription: the customer's pending items, then a line for each subscription item, unless
 * only pending items are billed. Finalizes it, and pays it if told to. Returns the refusal of a declined payment.
 */
export function billSubscription(
  account: Account,
  subscription: Subscription,
  reason: Reason,
  { isPaid, ended = { start: account.now, end: account.now } }: Billing,
): Invoice | StripeRefusal | null {
  const draft = draftFor(account, subscription, reason, ended);
  account.create('invoice', draft, null);
  const taken = takePendingItems(account, draft, [null, subscription.id]);
  const isOwn = reason === 'subscription_create' || reason === 'subscription_cycle';
  if (isOwn) {
    for (const item of subscription.items.data.toReversed()) addItemLine(account, draft, subscription, item);
  } else if (taken.length === 0) {
    account.remove('invoice', draft, null);
    return null;
  }
  const counted = recomputeTotals(account, draft, null);
  account.emit('invoice.created', counted);
  const current = account.get('subscription', subscription.id);
  account.update('subscription', current, { latest_invoice: draft.id }, 'customer.subscription.updated');
  const open = finalizeInvoice(account, counted, { autoAdvance: isPaid });
  if (open instanceof StripeRefusal || open.status !== 'open') return open;
  const isCollected = isPaid && open.collection_method === 'charge_automatically';
  return isCollected ? payInvoice(account, open, { isAutomatic: true }) : open;
}

function draftFor(account: Account, subscription: Subscription, reason: Reason, ended: Period): Invoice {
  const customer = account.get('customer', subscription.customer);
  const {
    collection_method,
    currency,
    default_payment_method,
    days_until_due: days,
    metadata,
  } = subscription;
  return newInvoice(account, customer, {
    billing_reason: reason,
    collection_method,
    currency,
    default_payment_method,
    automatic_tax: automaticTax(subscription.automatic_tax.enabled, customer),
    due_date: days === null ? null : account.now + days * daySeconds,
    period_start: ended.start,
    period_end: ended.end,
    parent: {
      type: 'subscription_details',
      quote_details: null,
      subscription_details: { metadata, subscription: subscription.id },
    },
  });
}

function addItemLine(
  account: Account,
  draft: Invoice,
  subscription: Subscription,
  item: SubscriptionItem,
): void {
  const price = account.get('price', item.price.id);
  const unitAmount = unitAmountIn(price, subscription.currency) ?? price.unit_amount_decimal;
  const product = account.get('product', price.product);
  const { quantity, period } = countedOf(account, draft, item, price.recurring?.meter ?? null);
  const line = newLine(draft.id, {
    amount: lineAmount(unitAmount, String(quantity)),
    currency: subscription.currency,
    description: `${quantity} × ${product.name}`,
    discountable: true,
    metadata: item.metadata,
    parent: {
      type: 'subscription_item_details',
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: null,
        subscription: subscription.id,
        subscription_item: item.id,
      },
    },
    period,
    pricing: {
      type: 'price_details',
      price_details: { price: price.id, product: product.id },
      unit_amount_decimal: unitAmount,
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
  });
  account.create('line_item', { ...line, id: account.newId('il') }, null);
}

/** A licensed price is paid for the period that begins, a metered one for what was counted in the one that ended. */
function countedOf(
  account: Account,
  draft: Invoice,
  item: SubscriptionItem,
  meterId: string | null,
): { quantity: number; period: Period } {
  if (meterId === null) {
    const period = { start: item.current_period_start, end: item.current_period_end };
    return { quantity: item.quantity ?? 1, period };
  }
  const period = { start: draft.period_start, end: draft.period_end };
  const meter = account.get('billing.meter', meterId);
  return { quantity: countUsage(account, meter, { customer: draft.customer, ...period }), period };
}
