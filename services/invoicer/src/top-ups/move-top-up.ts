import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { lockTopUp, type TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/** Records that a payment is on its way, or ended without money. One that is paid stays paid. */
export async function moveTopUp(
  deps: StripeObjectDeps,
  topUp: TopUpRow,
  move: {
    state: 'created' | 'pending' | 'failed' | 'expired';
    sessionId?: string | undefined;
    paymentIntentId?: string | undefined;
    lastError?: string;
  },
): Promise<boolean> {
  const { state, sessionId, paymentIntentId, lastError } = move;
  const { count } = await deps.prisma.topUp.updateMany({
    where: { id: topUp.id, state: { notIn: ['paid', 'needs_human', state] } },
    data: {
      state,
      ...(state === 'created' || state === 'pending' ? {} : { wakeAt: null }),
      ...(lastError && { lastError }),
    },
  });
  // Whichever session or payment came first is the one that the row is about.
  if (sessionId !== undefined)
    await deps.prisma.topUp.updateMany({ where: { id: topUp.id, sessionId: null }, data: { sessionId } });
  if (paymentIntentId !== undefined)
    await deps.prisma.topUp.updateMany({
      where: { id: topUp.id, paymentIntentId: null },
      data: { paymentIntentId },
    });
  return count > 0;
}

/** Stops a top-up whose payment is not what was asked for: no credit, and a person looks. */
export async function stopTopUp(deps: StripeObjectDeps, topUp: TopUpRow, detail: string): Promise<void> {
  const at = deps.clock.now();
  const { id, tenantId } = topUp;
  await inTransaction(deps, async ({ db }) => {
    const locked = await lockTopUp(db, id);
    if (!locked || locked.state === 'paid') return;
    await db.topUp.update({ where: { id }, data: { state: 'needs_human', lastError: detail, wakeAt: null } });
    await raiseOperatorAlert(
      db,
      { kind: 'top_up_differs', subject: toPublicId('top', id), tenantId, detail },
      at,
    );
  });
}
