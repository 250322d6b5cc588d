import { forgetCounts } from '@tollgate/shared/guards/guard-counters.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';

/** Longer than any message lives after its hand-over, so that what is released late is still taken back. */
const KEPT_MS = 45 * DAY_MS;

const ROWS_PER_TURN = 10_000;

/** Removes counts of windows that are long over; returns whether there may be more. */
export async function forgetOldCounts(db: Db, now: Date): Promise<boolean> {
  const endedBefore = new Date(now.getTime() - KEPT_MS);
  return (await forgetCounts(db, endedBefore, ROWS_PER_TURN)) === ROWS_PER_TURN;
}
