import { advanceTopUp } from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { takeDueTopUps } from '@tollgate/shared/stripe/top-ups.ts';

const ROWS_PER_SWEEP = 500;

/** Wakes top-ups that no job and no event has finished. */
export async function sweepTopUps(tx: Transaction, now: Date): Promise<number> {
  const ids = await takeDueTopUps(tx.db, now, ROWS_PER_SWEEP);
  for (const topUpId of ids) tx.enqueue(advanceTopUp, { topUpId });
  return ids.length;
}
