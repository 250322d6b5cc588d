import { windowsAt } from '@tollgate/shared/guards/count-hand-overs.ts';
import { reachedBy } from '@tollgate/shared/guards/decide-crossings.ts';
import { type Barred, fitWithinGuards } from '@tollgate/shared/guards/fit-within-guards.ts';
import { readCounts } from '@tollgate/shared/guards/guard-counters.ts';
import { limitOf } from '@tollgate/shared/guards/guard-windows.ts';
import { storeCrossings } from '@tollgate/shared/guards/limit-crossings.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { giveUp } from '../send-messages/decide-next-step.ts';
import { describeLimit } from './describe-limit.ts';
import type { Restrained, RulesByTenant } from './restrained.ts';
import { type AlarmDeps, tellCrossings } from './tell-crossings.ts';

/** A retry was counted when its credit was reserved, and a message of a test key costs nothing. */
export function isCounted({ mode, reservation }: ClaimableMessage): boolean {
  return mode === 'live' && reservation === null;
}

/** Keeps back what a limit has no room for: refused, or held until its window is over, as the tenant wishes. */
export async function applyLimits(
  tx: Transaction,
  deps: AlarmDeps,
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Promise<Restrained> {
  const windowsOf = windowsAt(rules, now);
  const counted = messages.filter(isCounted);
  const limited = counted.flatMap((message) =>
    windowsOf(message).filter((window) => {
      const own = rules.get(message.tenantId);
      return own !== undefined && limitOf(own, window) !== null;
    }),
  );
  if (limited.length === 0) return { allowed: [...messages], held: [], refused: [] };
  const counts = await readCounts(tx.db, [...new Set(limited)]);
  const { barred } = fitWithinGuards(counted, { rules, windowsOf, counts });
  await tellCrossings(tx, deps, await storeCrossings(tx.db, reachedBy(barred), now), now);
  const barredIds = new Set(barred.map(({ message }) => message.id));
  const waits = ({ message, neverFits }: Barred<ClaimableMessage>) =>
    !neverFits && rules.get(message.tenantId)?.onReached === 'hold';
  return {
    allowed: messages.filter(({ id }) => !barredIds.has(id)),
    held: barred
      .filter(waits)
      .map(({ message, window }) => ({ message, reason: 'guard', until: window.endsAt })),
    refused: barred.filter((one) => !waits(one)).map((one) => refuse(one, now)),
  };
}

function refuse(barred: Barred<ClaimableMessage>, now: Date): NextStep {
  const code = `${barred.window.guard}_limit_reached`;
  return giveUp(barred.message, 'rejected', code, describeLimit(barred), now);
}
