import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { bury } from '@tollgate/shared/dead-letters/bury.ts';
import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { collectInvoice as queue } from '@tollgate/shared/queues/catalog.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { type Push, type PushState, stopWaking } from './pushes.ts';

/** The alert that a stopped push raises; its subject is the push. */
export const STOPPED_PUSH_ALERT = 'stripe_push_stopped';

export type Stop = {
  state: 'rejected' | 'needs_human';
  detail: string;
  /** What Stripe had, for whoever decides. */
  seen?: Prisma.InputJsonValue;
  /** The states from which it is stopped; `sent` unless Stripe took back what it had confirmed. */
  from?: PushState[];
};

/** Stops a push for a person to look at; nothing repeats it by itself. Returns whether this call did it. */
export function stopPush(
  deps: TransactionDeps & { clock: Clock },
  push: Pick<Push, 'id' | 'invoiceId' | 'tenantId' | 'attempt'>,
  { state, detail, seen, from = ['sent'] }: Stop,
): Promise<boolean> {
  return inTransaction(deps, async (tx) => {
    const now = deps.clock.now();
    const { count } = await tx.db.stripePush.updateMany({
      where: { id: push.id, state: { in: from } },
      data: { state, lastError: detail, ...(seen !== undefined && { seen }) },
    });
    if (count === 0) return false;
    await stopWaking(tx.db, [push.invoiceId]);
    const { tenantId } = push;
    await raiseOperatorAlert(tx.db, { kind: STOPPED_PUSH_ALERT, subject: push.id, tenantId, detail }, now);
    if (state === 'rejected') await bury(tx, deadLetterOf(push, detail), now);
    return true;
  });
}

function deadLetterOf(push: Pick<Push, 'id' | 'invoiceId' | 'tenantId' | 'attempt'>, detail: string) {
  const failureClass = 'stripe_rejected';
  return {
    queue: queue.name,
    jobId: `push ${push.id}`,
    payload: { invoiceId: push.invoiceId },
    failureClass,
    failureDetail: detail,
    fingerprint: failureClass,
    attempts: push.attempt,
    tenantId: push.tenantId,
  };
}
