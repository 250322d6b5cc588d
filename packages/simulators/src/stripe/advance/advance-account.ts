import { type WithAccountDeps, withAccount } from '../calls/with-account.ts';
import { expireSession } from '../checkout/complete-session.ts';
import { finalizeInvoice } from '../invoices/finalize-invoice.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { payInvoice } from '../invoices/pay-invoice.ts';
import { billSubscription } from '../subscriptions/bill-subscription.ts';
import { periodEndAfter } from '../subscriptions/billing-period.ts';
import { renewSubscription } from '../subscriptions/renew-subscription.ts';
import { StripeRefusal } from '../wire/stripe-refusal.ts';
import { dueInvoices, duePendingItemIntervals, dueSessions, dueSubscriptions } from './find-due.ts';

// Nobody called for these changes.
const byItself = { requestId: null, idempotencyKey: null };

/** What Stripe does by itself as time goes by. Every step is a transaction of its own; refusals throw StripeRefusal. */
export interface AccountAdvance {
  /** Renews a subscription, whatever the time. Returns its new invoice, or null if it ended instead. */
  renewSubscription(id: string): Invoice | null;
  /** Renews every running subscription as often as its period has ended. Returns the new invoices. */
  renewDueSubscriptions(): Invoice[];
  /** Tries to collect an invoice as Stripe's own attempt, finalizing it first. Returns it as it is then. */
  payInvoice(id: string): Invoice;
  /** Does all that is due: renewals, invoices for pending items, finalizing drafts, collecting and retrying. */
  advanceDue(): void;
}

/** Returns the steps of time on an account. */
export function advanceAccount(deps: WithAccountDeps): AccountAdvance {
  const { objects } = deps.state;
  const nowSeconds = () => Math.floor(deps.now().getTime() / 1000);

  function renew(id: string): Invoice | null {
    return withAccount(deps, byItself, (account) => {
      const outcome = renewSubscription(account, account.get('subscription', id));
      const latest = account.get('subscription', id).latest_invoice;
      return outcome === null || latest === null ? null : account.get('invoice', latest);
    });
  }

  function renewDueSubscriptions(): Invoice[] {
    const invoices: (Invoice | null)[] = [];
    for (
      let due = dueSubscriptions(objects, nowSeconds());
      due.length > 0;
      due = dueSubscriptions(objects, nowSeconds())
    ) {
      invoices.push(...due.map(renew));
    }
    return invoices.filter((invoice) => invoice !== null);
  }

  function pay(id: string): Invoice {
    return withAccount(deps, byItself, (account) => {
      payInvoice(account, account.get('invoice', id), { isAutomatic: true });
      return account.get('invoice', id);
    });
  }

  function billPendingItems(id: string): void {
    withAccount(deps, byItself, (account) => {
      const subscription = account.get('subscription', id);
      const { pending_invoice_item_interval: rhythm, billing_cycle_anchor: anchor } = subscription;
      const next = rhythm && periodEndAfter(account.now, anchor, rhythm);
      const changes = { next_pending_invoice_item_invoice: next };
      const moved = account.update('subscription', subscription, changes, 'customer.subscription.updated');
      billSubscription(account, moved, 'automatic_pending_invoice_item_invoice', { isPaid: true });
    });
  }

  function expire(id: string): void {
    withAccount(deps, byItself, (account) => expireSession(account, account.get('checkout.session', id)));
  }

  function finalize(id: string): void {
    withAccount(deps, byItself, (account) => {
      finalizeInvoice(account, account.get('invoice', id), { autoAdvance: true });
    });
  }

  // A draft without lines stays one, and an invoice whose customer is gone stays open.
  function tryOnce(id: string, step: (id: string) => void): void {
    try {
      step(id);
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      const never = { automatically_finalizes_at: null, next_payment_attempt: null };
      withAccount(deps, byItself, (account) => {
        account.update('invoice', account.get('invoice', id), never, null);
      });
    }
  }

  return {
    renewSubscription: renew,
    renewDueSubscriptions,
    payInvoice: pay,
    advanceDue: () => {
      renewDueSubscriptions();
      for (const id of duePendingItemIntervals(objects, nowSeconds())) billPendingItems(id);
      for (const id of dueSessions(objects, nowSeconds())) expire(id);
      for (const id of dueInvoices(objects, 'draft', nowSeconds())) tryOnce(id, finalize);
      for (const id of dueInvoices(objects, 'open', nowSeconds())) tryOnce(id, pay);
    },
  };
}
