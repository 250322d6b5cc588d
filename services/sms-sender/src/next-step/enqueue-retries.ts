import { enqueueSends } from '@tollgate/shared/messages/enqueue-sends.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { NextStep } from './next-step.ts';

/** Retries that are due within the same span share their wake-ups. */
const STEP_MS = SECOND_MS;

/** Delayed wake-ups for messages that will be tried again; the sweeper is behind them. */
export function enqueueRetries(
  tx: Pick<Transaction, 'enqueue'>,
  steps: readonly NextStep[],
  now: Date,
): void {
  const retries = steps.flatMap(({ message, move: { notBefore } }) =>
    notBefore ? [{ message, delayMs: delayUntil(notBefore, now) }] : [],
  );
  for (const [delayMs, together] of Map.groupBy(retries, (retry) => retry.delayMs)) {
    enqueueSends(
      tx,
      together.map(({ message }) => message),
      { delayMs },
    );
  }
}

/** Rounded up: a wake-up that comes too early finds nothing due. */
function delayUntil(notBefore: Date, now: Date): number {
  return Math.max(0, Math.ceil((notBefore.getTime() - now.getTime()) / STEP_MS) * STEP_MS);
}
