import { bury } from '@tollgate/shared/dead-letters/bury.ts';
import type { ClaimedNotification } from '@tollgate/shared/notifications/claim-notification.ts';
import { giveUp, markSent, postpone } from '@tollgate/shared/notifications/settle-notification.ts';
import { sendNotification } from '@tollgate/shared/queues/catalog.ts';
import {
  inTransaction,
  type Transaction,
  type TransactionDeps,
} from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { MailFailure } from '../smtp/mailer.ts';
import type { NextStep } from './decide-next-step.ts';

export type SettleDeps = TransactionDeps & { clock: Clock };

/** Records what comes after an attempt, in one transaction; a further attempt is woken after it. */
export function settle(deps: SettleDeps, claim: ClaimedNotification, step: NextStep): Promise<void> {
  return inTransaction(deps, async (tx) => {
    const now = deps.clock.now();
    switch (step.kind) {
      case 'sent':
        return markSent(tx.db, claim, now);
      case 'try_again': {
        const { delayMs, failure } = step;
        const wakeAt = new Date(now.getTime() + delayMs);
        if (!(await postpone(tx.db, claim, wakeAt, failure.detail))) return;
        return tx.enqueue(sendNotification, { notificationId: claim.id }, { delayMs });
      }
      case 'give_up':
        if (await giveUp(tx.db, claim, step.failure.detail)) await buryMail(tx, claim, step.failure, now);
        return;
    }
  });
}

async function buryMail(
  tx: Transaction,
  { id, tenantId, attempts }: ClaimedNotification,
  { code, detail }: MailFailure,
  at: Date,
): Promise<void> {
  await bury(
    tx,
    {
      queue: sendNotification.name,
      jobId: `notification ${id}`,
      payload: { notificationId: id },
      failureClass: code,
      failureDetail: detail,
      fingerprint: code,
      attempts,
      tenantId,
    },
    at,
  );
}
