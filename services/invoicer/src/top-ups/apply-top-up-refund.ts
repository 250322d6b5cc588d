import { microsPerMinorUnit } from '@tollgate/shared/money/money.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { bookMovement, findMovement } from './book-top-up-movement.ts';
import { findPaidTopUp } from './find-paid-top-up.ts';
import { netShares, type RefundFacts } from './net-shares.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/**
 * Takes the credit of a top-up whose money goes back, once per refund, and gives it again where the
 * refund failed after all. The refund is read again, so the order of events does not matter.
 */
export async function applyTopUpRefund(deps: StripeObjectDeps, refundId: string): Promise<string> {
  const refund = await deps.stripe.refunds.retrieve(refundId);
  const paymentIntentId = idOf(refund.payment_intent);
  const topUp = await findPaidTopUp(deps, paymentIntentId);
  if (!topUp || paymentIntentId === null) return 'not ours';
  const at = deps.clock.now();
  const taken = `refund ${refundId}`;
  if (refund.status === 'failed' || refund.status === 'canceled') {
    const given = await inTransaction(deps, async ({ db }) => {
      const booked = await findMovement(db, topUp.tenantId, taken);
      if (booked === null) return false;
      const amountMinor = -booked / microsPerMinorUnit(topUp.currency);
      const description = 'refund that failed';
      return bookMovement(
        db,
        topUp,
        { kind: 'purchase_refund', reference: `${taken} failed`, amountMinor, description },
        at,
      );
    });
    return given ? 'credit given again' : 'nothing to give again';
  }
  const refunds: RefundFacts[] = [];
  for await (const one of deps.stripe.refunds.list({ payment_intent: paymentIntentId, limit: 100 }))
    refunds.push(one);
  const share = netShares(refunds, topUp).get(refundId) ?? 0n;
  const booked = await inTransaction(deps, ({ db }) =>
    bookMovement(
      db,
      topUp,
      { kind: 'purchase_refund', reference: taken, amountMinor: -share, description: 'refund of a top-up' },
      at,
    ),
  );
  if (booked) deps.logger.info({ topUpId: topUp.id, refundId, tenantId: topUp.tenantId }, 'top-up refunded');
  return booked ? 'credit taken' : 'was taken';
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
