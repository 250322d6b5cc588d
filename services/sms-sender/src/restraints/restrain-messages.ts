import { countHandOvers } from '@tollgate/shared/guards/count-hand-overs.ts';
import { readSendingRules } from '@tollgate/shared/guards/guard-rules.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import { moveMessages } from '@tollgate/shared/messages/move-messages.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import { applyLimits, isCounted } from './apply-limits.ts';
import { applyQuietHours } from './apply-quiet-hours.ts';
import { paceMessages } from './pace-messages.ts';
import { refuseForeign } from './refuse-foreign.ts';
import type { Held, RulesByTenant } from './restrained.ts';
import { type AlarmDeps, tellCrossings } from './tell-crossings.ts';

/**
 * Keeps back what the tenants' settings do not allow to be handed over now: to other countries, in the
 * recipient's night, beyond a limit, faster than the rate. Returns the rest, in order, with the rules
 * that it was judged by. The caller holds the locks of the accounts, under which rules and counts change.
 */
export async function restrainMessages(
  tx: Transaction,
  deps: AlarmDeps,
  messages: readonly ClaimableMessage[],
  now: Date,
): Promise<{ allowed: ClaimableMessage[]; rules: RulesByTenant }> {
  const { db } = tx;
  const rules = await readSendingRules(db, [...new Set(messages.map(({ tenantId }) => tenantId))]);
  const inland = refuseForeign(messages, rules, now);
  const loud = applyQuietHours(inland.allowed, rules, now);
  const limited = await applyLimits(db, deps, loud.allowed, rules, now);
  const paced = await paceMessages(db, limited.allowed, rules, now);
  const steps = [inland, loud, limited, paced];
  await applyNextSteps(
    tx,
    steps.flatMap(({ refused }) => refused),
    now,
  );
  await hold(
    db,
    steps.flatMap(({ held }) => held),
  );
  return { allowed: paced.allowed, rules };
}

/** Counts messages whose credit is reserved now against their tenants' limits, in the same transaction. */
export async function countReserved(
  db: Db,
  deps: AlarmDeps,
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Promise<void> {
  tellCrossings(deps, await countHandOvers(db, messages.filter(isCounted), rules, now));
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
