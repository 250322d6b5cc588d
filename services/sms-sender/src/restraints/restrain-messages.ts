import { countHandOvers } from '@tollgate/shared/guards/count-hand-overs.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import { moveMessages } from '@tollgate/shared/messages/move-messages.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import { applyLimits, isCounted } from './apply-limits.ts';
import { applyQuietHours } from './apply-quiet-hours.ts';
import { applyStanding } from './apply-standing.ts';
import { applyUnpaid } from './apply-unpaid.ts';
import { paceMessages } from './pace-messages.ts';
import { refuseForeign } from './refuse-foreign.ts';
import type { Held, RulesByTenant } from './restrained.ts';
import { type AlarmDeps, tellCrossings } from './tell-crossings.ts';

/** Keeps back what tenants who are suspended, deleted or switched off may not send; returns the rest, in order. */
export async function refuseUnentitled(
  tx: Transaction,
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Promise<ClaimableMessage[]> {
  const { allowed, held, refused } = applyStanding(messages, rules, now);
  await applyNextSteps(tx, refused, now);
  await hold(tx.db, held);
  return allowed;
}

/**
 * Keeps back what the tenants' settings do not allow to be handed over now: unpaid, to other countries,
 * in the recipient's night, beyond a limit, faster than the rate. Returns the rest, in order. The caller
 * holds the locks of the accounts, under which rules and counts change.
 */
export async function restrainMessages(
  tx: Transaction,
  deps: AlarmDeps,
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Promise<ClaimableMessage[]> {
  const { db } = tx;
  const settled = applyUnpaid(messages, rules, now);
  const inland = refuseForeign(settled.allowed, rules, now);
  const loud = applyQuietHours(inland.allowed, rules, now);
  const limited = await applyLimits(tx, deps, loud.allowed, rules, now);
  const paced = await paceMessages(db, limited.allowed, rules, now);
  const steps = [settled, inland, loud, limited, paced];
  await applyNextSteps(
    tx,
    steps.flatMap(({ refused }) => refused),
    now,
  );
  await hold(
    db,
    steps.flatMap(({ held }) => held),
  );
  return paced.allowed;
}

/** Counts messages whose credit is reserved now against their tenants' limits, in the same transaction. */
export async function countReserved(
  tx: Transaction,
  deps: AlarmDeps,
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Promise<void> {
  await tellCrossings(tx, deps, await countHandOvers(tx.db, messages.filter(isCounted), rules, now), now);
}

async function hold(db: Db, held: readonly Held[]): Promise<void> {
  await moveMessages(
    db,
    held.map(({ message: { id, state, expiresAt }, reason, until, notBefore }) => ({
      messageId: id,
      state,
      holdReason: reason,
      wakeAt: until < expiresAt ? until : expiresAt,
      ...(notBefore && notBefore < expiresAt && { notBefore }),
    })),
  );
}
