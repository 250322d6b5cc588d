import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { rollUp } from '@tollgate/shared/usage/roll-up.ts';

const EVENTS_PER_STATEMENT = 5_000;

/**
 * Counts what a tenant used since the last time, thousands of events per statement, until nothing is
 * left. Events that another process is counting are left to it.
 */
export async function rollUpUsage(deps: TransactionDeps, tenantId: string): Promise<number> {
  let total = 0;
  for (;;) {
    const counted = await inTransaction(deps, ({ db }) =>
      rollUp(db, { tenantId, limit: EVENTS_PER_STATEMENT, wait: false }),
    );
    total += counted;
    if (counted < EVENTS_PER_STATEMENT) return total;
  }
}
