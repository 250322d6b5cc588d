import type { Account } from '../account/account.ts';
import { changeBalance } from '../customers/balance-transaction.ts';
import { failPayment } from '../invoice-payments/invoice-payment.ts';
import { minimumCharge } from '../money/minimum-charge.ts';
import { afterPaymentFailed } from '../subscriptions/follow-invoice.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import { finalizeInvoice } from './finalize-invoice.ts';
import type { Invoice } from './invoice.ts';
import { markPaid } from './mark-paid.ts';
import { daySeconds } from './new-invoice.ts';

const retryDays = [3, 5, 7];

export interface Payment {
  /** Stripe's own attempts are counted and repeated, those of a caller are not. */
  isAutomatic: boolean;
  isOutOfBand?: boolean;
  paymentMethod?: string | undefined;
}

/**
 * Pays an invoice; a draft is finalized first. An amount below the minimum charge is not collected: it goes to the
 * customer's balance. Returns a refusal (402) whose writes stay when the card is declined.
 */
export function payInvoice(account: Account, invoice: Invoice, payment: Payment): Invoice | StripeRefusal {
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid');
  if (invoice.status === 'void') throw invalidRequest('Voided invoices cannot be paid');
  if (invoice.status === 'draft') {
    const finalized = finalizeInvoice(account, invoice);
    if (finalized instanceof StripeRefusal || finalized.status === 'paid') return finalized;
    return payInvoice(account, finalized, payment);
  }
  const due = invoice.amount_due;
  const method = payment.paymentMethod ?? invoice.default_payment_method ?? customerMethod(account, invoice);
  if (payment.isOutOfBand)
    return markPaid(account, invoice, { amount_paid: due, amount_paid_off_stripe: due });
  if (due < minimumCharge(invoice.currency)) return carryOver(account, invoice);
  const attempts = payment.isAutomatic ? { attempt_count: invoice.attempt_count + 1 } : {};
  if (account.declineCode !== undefined)
    return decline(account, invoice, account.declineCode, attempts, payment);
  return markPaid(account, invoice, { ...attempts, amount_paid: due }, method);
}

function customerMethod(account: Account, invoice: Invoice): string | null {
  return account.get('customer', invoice.customer).invoice_settings.default_payment_method;
}

function carryOver(account: Account, invoice: Invoice): Invoice {
  const { amount_due: amount, currency, customer, id } = invoice;
  const { ending_balance } = changeBalance(account, customer, {
    amount,
    currency,
    type: 'invoice_too_small',
    invoice: id,
  });
  return markPaid(account, invoice, { amount_due: 0, amount_paid: 0, ending_balance });
}

function decline(
  account: Account,
  invoice: Invoice,
  declineCode: string,
  attempts: Partial<Invoice>,
  { isAutomatic }: Payment,
): StripeRefusal {
  const error = {
    type: 'card_error',
    code: 'card_declined',
    decline_code: declineCode,
    message: 'Your card was declined.',
  } as const;
  const waitDays = retryDays[(attempts.attempt_count ?? invoice.attempt_count) - 1];
  const nextAttempt = waitDays === undefined ? null : account.now + waitDays * daySeconds;
  const changes = {
    ...attempts,
    attempted: true,
    ...(isAutomatic ? { next_payment_attempt: nextAttempt } : {}),
  };
  const failed = account.update('invoice', invoice, changes, 'invoice.updated');
  failPayment(account, invoice.id, error);
  account.emit('invoice.payment_failed', failed);
  afterPaymentFailed(account, failed);
  return new StripeRefusal(402, error);
}
