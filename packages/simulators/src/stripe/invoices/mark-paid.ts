import type { Account } from '../account/account.ts';
import { cancelPayment, settlePayment } from '../invoice-payments/invoice-payment.ts';
import { afterInvoicePaid } from '../subscriptions/follow-invoice.ts';
import type { Invoice } from './invoice.ts';

/** Turns an invoice into a paid one. `changes` say what came in; without them nothing was due. */
export function markPaid(
  account: Account,
  invoice: Invoice,
  changes: Partial<Invoice>,
  paymentMethod: string | null = null,
): Invoice {
  const paid = account.update(
    'invoice',
    invoice,
    {
      amount_remaining: 0,
      attempted: true,
      auto_advance: false,
      next_payment_attempt: null,
      status: 'paid',
      status_transitions: { ...invoice.status_transitions, paid_at: account.now },
      ...changes,
    },
    'invoice.updated',
  );
  if (paid.amount_paid > paid.amount_paid_off_stripe) settlePayment(account, paid.id, paymentMethod);
  else cancelPayment(account, paid.id);
  account.emit('invoice.paid', paid);
  if (paid.amount_paid > 0) account.emit('invoice.payment_succeeded', paid);
  afterInvoicePaid(account, paid);
  return paid;
}
