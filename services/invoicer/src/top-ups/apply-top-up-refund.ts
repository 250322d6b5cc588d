import {
  creditTopUpDocument,
  lockTopUpDocument,
  takeBackCreditNote,
} from '@tollgate/shared/billing/prepaid/credit-top-up-document.ts';
import { microsPerMinorUnit } from '@tollgate/shared/money/money.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { bookMovement, findMovement } from './book-top-up-movement.ts';
import { findPaidTopUp, type PaidTopUp } from './find-paid-top-up.ts';
import { netShares, type RefundFacts } from './net-shares.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/**
 * Takes the credit of a top-up whose money goes back, once per refund, and gives it again where the
 * refund failed after all. Its tax document is credited once the refund has succeeded; that credit note
 * is void if it fails later. The refund is read again, so the order of events does not matter.
 */
export async function applyTopUpRefund(deps: StripeObjectDeps, refundId: string): Promise<string> {
  const refund = await deps.stripe.refunds.retrieve(refundId);
  const paymentIntentId = idOf(refund.payment_intent);
  const topUp = await findPaidTopUp(deps, paymentIntentId);
  if (!topUp || paymentIntentId === null) return 'not ours';
  if (refund.status === 'failed' || refund.status === 'canceled') return giveAgain(deps, topUp, refundId);
  const refunds: RefundFacts[] = [];
  for await (const one of deps.stripe.refunds.list({ payment_intent: paymentIntentId, limit: 100 }))
    refunds.push(one);
  const netMinor = netShares(refunds, topUp).get(refundId) ?? 0n;
  const returned = { reference: referenceOf(refundId), netMinor, grossMinor: BigInt(refund.amount) };
  const done = await takeBack(deps, topUp, { ...returned, hasSucceeded: refund.status === 'succeeded' });
  if (done.booked || done.noted)
    deps.logger.info({ topUpId: topUp.id, refundId, tenantId: topUp.tenantId, ...done }, 'top-up refunded');
  return [done.booked ? 'credit taken' : 'was taken', ...(done.noted ? ['credit note issued'] : [])].join(
    ', ',
  );
}

type Returned = { reference: string; netMinor: bigint; grossMinor: bigint; hasSucceeded: boolean };

function takeBack(deps: StripeObjectDeps, topUp: PaidTopUp, { hasSucceeded, ...returned }: Returned) {
  const at = deps.clock.now();
  const { reference, netMinor } = returned;
  const movement = {
    kind: 'purchase_refund',
    reference,
    amountMinor: -netMinor,
    description: 'refund of a top-up',
  } as const;
  return inTransaction(deps, async (tx) => {
    const { db } = tx;
    const document = await lockTopUpDocument(db, topUp.id);
    const booked = await bookMovement(db, topUp, movement, at);
    // While a refund is on its way nothing has gone back, and one that failed meanwhile was read too early.
    const isDone = hasSucceeded && (await findMovement(db, topUp.tenantId, failureOf(reference))) === null;
    const noted =
      isDone &&
      document !== null &&
      (await creditTopUpDocument(tx, { document, ...returned, reason: 'refund' }, at));
    return { booked, noted };
  });
}

async function giveAgain(deps: StripeObjectDeps, topUp: PaidTopUp, refundId: string): Promise<string> {
  const at = deps.clock.now();
  const reference = referenceOf(refundId);
  const given = await inTransaction(deps, async ({ db }) => {
    const document = await lockTopUpDocument(db, topUp.id);
    const booked = await findMovement(db, topUp.tenantId, reference);
    if (booked === null) return false;
    if (document) await takeBackCreditNote(db, { document, reference }, at);
    const movement = {
      kind: 'purchase_refund',
      reference: failureOf(reference),
      amountMinor: -booked / microsPerMinorUnit(topUp.currency),
      description: 'refund that failed',
    } as const;
    return bookMovement(db, topUp, movement, at);
  });
  return given ? 'credit given again' : 'nothing to give again';
}

function referenceOf(refundId: string): string {
  return `refund ${refundId}`;
}

function failureOf(reference: string): string {
  return `${reference} failed`;
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
