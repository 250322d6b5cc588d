import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { bookEntries } from '@tollgate/shared/billing/book-entries.ts';
import { issueTopUpDocument } from '@tollgate/shared/billing/prepaid/issue-top-up-document.ts';
import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { notifyTenant } from '@tollgate/shared/notifications/notify-tenant.ts';
import { inTransaction, type Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { lockTopUp, type TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/** A verified payment: what Stripe says came in, and under which of its ids it is booked. */
export type Payment = {
  /** Of the ledger entry: a payment is booked once under it. */
  reference: string;
  sessionId: string | null;
  paymentIntentId: string | null;
  vatMinor: bigint;
  grossMinor: bigint;
};

/**
 * Gives the credit of a top-up that was paid, once: the net amount, whatever tax was added, and its tax
 * document where VAT was due with it. Whoever comes second, a copy of the event or the sweep, finds the
 * row paid. Returns whether it gave any.
 */
export async function creditTopUp(
  deps: StripeObjectDeps,
  topUp: TopUpRow,
  payment: Payment,
): Promise<boolean> {
  const at = deps.clock.now();
  const credited = await inTransaction(deps, async (tx) => {
    await lockAccounts(tx.db, [topUp]);
    const locked = await lockTopUp(tx.db, topUp.id);
    if (!locked) return false;
    if (locked.state === 'paid') {
      await refuseSecondPayment(tx, locked, payment, at);
      return false;
    }
    await book(tx, locked, payment, at);
    return true;
  });
  if (credited)
    deps.logger.info(
      { topUpId: topUp.id, tenantId: topUp.tenantId, reference: payment.reference },
      'top-up credited',
    );
  return credited;
}

async function book(tx: Transaction, topUp: TopUpRow, payment: Payment, at: Date): Promise<void> {
  const { id, tenantId, currency, netMinor } = topUp;
  const amountMicros = minorUnitsToMicros(netMinor, currency);
  const entry = {
    tenantId,
    currency,
    kind: 'purchase' as const,
    amountMicros,
    messageId: null,
    reference: payment.reference,
    description: topUp.kind === 'automatic' ? 'automatic top-up' : 'top-up',
    createdBy: topUp.createdBy,
    paymentMethod: 'stripe' as const,
  };
  await bookEntries(tx.db, [entry], at);
  await tx.db.topUp.update({
    where: { id },
    data: {
      state: 'paid',
      paidAt: at,
      vatMinor: payment.vatMinor,
      grossMinor: payment.grossMinor,
      ...(payment.sessionId !== null && { sessionId: payment.sessionId }),
      ...(payment.paymentIntentId !== null && { paymentIntentId: payment.paymentIntentId }),
      lastError: null,
      wakeAt: null,
    },
  });
  const amount = formatMicros(minorUnitsToMicros(payment.grossMinor, currency));
  const content = { invoiceId: null, amount, currency, reference: toPublicId('top', id) };
  await notifyTenant(tx, { kind: 'payment_received', tenantId, subjectId: id, content }, at);
  if (topUp.prepaidTax !== 'at_top_up') return;
  const { vatMinor, reference } = payment;
  const document = { tenantId, currency, topUpId: id, netMinor, vatMinor, reference, by: topUp.createdBy };
  await issueTopUpDocument(tx, { ...document, method: 'stripe' }, at);
}

/** Two pages were opened for one top-up and both were paid: the second is for a person to give back. */
async function refuseSecondPayment(
  tx: Transaction,
  topUp: TopUpRow,
  payment: Payment,
  at: Date,
): Promise<void> {
  const isSame =
    payment.paymentIntentId === null ||
    topUp.paymentIntentId === null ||
    payment.paymentIntentId === topUp.paymentIntentId;
  if (isSame) return;
  const topUpId = toPublicId('top', topUp.id);
  await raiseOperatorAlert(
    tx.db,
    {
      kind: 'top_up_paid_twice',
      subject: payment.paymentIntentId ?? topUpId,
      tenantId: topUp.tenantId,
      detail: `${topUpId} was paid by ${topUp.paymentIntentId} and again by ${payment.paymentIntentId}: give the second payment back`,
    },
    at,
  );
}
