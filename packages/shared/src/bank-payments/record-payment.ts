import { closeOperatorAlert, raiseOperatorAlert } from '../alerts/operator-alerts.ts';
import { InvoiceStateError, payableStates } from '../billing/invoice-states.ts';
import { type LockedInvoice, lockInvoice } from '../billing/invoices.ts';
import { reopenInvoice } from '../billing/reopen-invoice.ts';
import { settleInvoice } from '../billing/settle-invoice.ts';
import type { PaymentMethod } from '../credit/ledger.ts';
import { liftDunning } from '../dunning/lift-dunning.ts';
import { newId, toPublicId } from '../ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '../money/money.ts';
import { notifyTenant } from '../notifications/notify-tenant.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { utcDay } from '../time/local-time.ts';
import { decidePaymentEffect, type PaymentEffect } from './decide-payment-effect.ts';

export type ReceivedBy = Exclude<PaymentMethod, 'stripe' | 'card'>;

export type NewPayment = {
  invoiceId: string;
  /** What came in; negative for money that was taken back; all that is still to be paid where it is 'rest'. */
  amountMinor: bigint | 'rest';
  method: ReceivedBy;
  /** The bank's, or the cash book's: what makes it one payment of the tenant's. */
  reference: string;
  /** YYYY-MM-DD */
  receivedOn: string;
  /** An operator's e-mail, or "tollgate". */
  by: string;
};

export type RecordedPayment = { id: string; amountMinor: bigint; isNew: boolean; effect: PaymentEffect };

/** The tenant's reference is taken by another payment: another invoice, amount, method or day. */
export class PaymentReferenceError extends Error {
  override readonly name = 'PaymentReferenceError';
}

/**
 * Records money for an invoice of ours, once by its reference: again means already done. What pays the
 * invoice in full settles it and lifts what being past due restrained; what is too much is kept on it
 * and shown to operators; what was taken back opens it again. Throws InvoiceStateError where the
 * invoice takes no money, PaymentReferenceError where the reference is another payment's.
 */
export async function recordPayment(
  tx: Transaction,
  payment: NewPayment,
  at: Date,
): Promise<RecordedPayment> {
  const { db } = tx;
  const invoice = await lockInvoice(db, payment.invoiceId);
  if (!invoice) throw new InvoiceStateError(`there is no invoice ${payment.invoiceId}`);
  const earlier = await findEarlier(db, invoice, payment);
  if (earlier) return { ...earlier, isNew: false, effect: 'none' };
  refuseUnlessOurs(invoice);

  const toPayMinor = invoice.grossMinor - invoice.creditedMinor;
  const amountMinor = payment.amountMinor === 'rest' ? restOf(invoice) : payment.amountMinor;
  const { method, reference, receivedOn, by } = payment;
  const id = newId();
  await db.invoicePayment.create({
    data: {
      id,
      invoiceId: invoice.id,
      tenantId: invoice.tenantId,
      amountMinor,
      method,
      reference,
      receivedOn: new Date(receivedOn),
      recordedAt: at,
      recordedBy: by,
    },
  });
  const receivedMinor = await sumReceived(db, invoice.id);
  const effect = decidePaymentEffect({ isPaid: invoice.state === 'paid', receivedMinor, toPayMinor });
  await apply(tx, { invoice, effect, receivedMinor, payment }, at);
  await showOverpayment(db, invoice, receivedMinor - toPayMinor, at);
  if (amountMinor > 0n) await thank(tx, invoice, { id, amountMinor, reference }, at);
  if (effect === 'settled') await liftDunning(tx, invoice.tenantId, at);
  return { id, amountMinor, isNew: true, effect };
}

async function findEarlier(db: Db, { id, tenantId, grossMinor }: LockedInvoice, payment: NewPayment) {
  const { reference, amountMinor, method, receivedOn } = payment;
  const earlier = await db.invoicePayment.findUnique({
    where: { tenantId_reference: { tenantId, reference } },
  });
  if (!earlier) return null;
  const isSame =
    earlier.invoiceId === id &&
    (amountMinor === 'rest' ? earlier.amountMinor <= grossMinor : earlier.amountMinor === amountMinor) &&
    earlier.method === method &&
    utcDay(earlier.receivedOn) === receivedOn;
  if (!isSame) throw new PaymentReferenceError(`the reference ${reference} is another payment’s`);
  return { id: earlier.id, amountMinor: earlier.amountMinor };
}

function refuseUnlessOurs({ id, kind, document, state }: LockedInvoice): void {
  const refuse = (why: string) => {
    throw new InvoiceStateError(`invoice ${toPublicId('inv', id)} takes no payment: ${why}`);
  };
  if (document === 'stripe') refuse('it is paid at Stripe');
  if (document !== 'ours' || kind !== 'usage') refuse('it asks for none');
  if (state !== 'paid' && !payableStates.some((payable) => payable === state)) {
    refuse(state === 'void' ? 'it is void' : 'it is not issued yet');
  }
}

function restOf({ id, grossMinor, creditedMinor, paidMinor }: LockedInvoice): bigint {
  const restMinor = grossMinor - creditedMinor - paidMinor;
  if (restMinor > 0n) return restMinor;
  throw new InvoiceStateError(`nothing of invoice ${toPublicId('inv', id)} is left to be paid`);
}

async function sumReceived(db: Db, invoiceId: string): Promise<bigint> {
  const { _sum } = await db.invoicePayment.aggregate({ where: { invoiceId }, _sum: { amountMinor: true } });
  return _sum.amountMinor ?? 0n;
}

type Applied = {
  invoice: LockedInvoice;
  effect: PaymentEffect;
  receivedMinor: bigint;
  payment: NewPayment;
};

async function apply(tx: Transaction, applied: Applied, at: Date): Promise<void> {
  const { invoice, effect, receivedMinor, payment } = applied;
  const { id } = invoice;
  const { method, reference, by } = payment;
  switch (effect) {
    case 'none':
      await tx.db.invoice.update({ where: { id }, data: { paidMinor: receivedMinor } });
      return;
    case 'settled':
      await tx.db.invoice.update({ where: { id }, data: { paidMinor: receivedMinor } });
      await settleInvoice(tx.db, {
        invoiceId: id,
        paidAt: at,
        method,
        description: `Invoice ${invoice.number}, payment ${reference}`,
        createdBy: by,
      });
      return;
    case 'reopened':
      await reopenInvoice(tx.db, {
        invoiceId: id,
        kind: 'purchase_refund',
        reference,
        at,
        description: `Invoice ${invoice.number}, payment taken back (${reference})`,
      });
      // Nobody disputes it: it is unpaid again, and reminded of as before.
      await tx.db.invoice.update({ where: { id }, data: { state: 'issued', paidMinor: receivedMinor } });
      return;
  }
}

async function showOverpayment(
  db: Db,
  { id, tenantId, currency, number }: LockedInvoice,
  excessMinor: bigint,
  at: Date,
): Promise<void> {
  const alert = { kind: 'overpaid', subject: toPublicId('inv', id) };
  if (excessMinor <= 0n) {
    await closeOperatorAlert(db, alert, at, 'tollgate');
    return;
  }
  const excess = `${formatMicros(minorUnitsToMicros(excessMinor, currency))} ${currency}`;
  const detail = `${excess} more than invoice ${number} asks for came in: return it or use it for another`;
  await raiseOperatorAlert(db, { ...alert, tenantId, detail }, at);
}

async function thank(
  tx: Transaction,
  { id: invoiceId, tenantId, currency }: LockedInvoice,
  payment: { id: string; amountMinor: bigint; reference: string },
  at: Date,
): Promise<void> {
  const amount = formatMicros(minorUnitsToMicros(payment.amountMinor, currency));
  const content = { amount, currency, reference: payment.reference, invoiceId };
  await notifyTenant(tx, { tenantId, kind: 'payment_received', subjectId: payment.id, content }, at);
}
