import { watchDeadLetters } from '@tollgate/shared/alerts/watch-dead-letters.ts';
import { BALANCES_PER_SWEEP, watchLowBalance } from '@tollgate/shared/alerts/watch-low-balance.ts';
import { watchRoutes } from '@tollgate/shared/alerts/watch-routes.ts';
import { watchUnpaid } from '@tollgate/shared/alerts/watch-unpaid.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { type Sweeper, startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import type { Transaction, TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';

export type WatchDeps = TransactionDeps & { clock: Clock; logger: Logger };

/** Looks for lines that were crossed or left; of all processes one looks at a time. */
export function startWatches({ clock, ...deps }: WatchDeps): Sweeper[] {
  const watch = (name: string, everyMs: number, look: (tx: Transaction, now: Date) => Promise<number>) =>
    startSweeper({
      ...deps,
      name: `watch ${name}`,
      everyMs,
      sweep: (tx) => look(tx, clock.now()),
    });
  return [
    startSweeper({
      ...deps,
      name: 'watch balances',
      everyMs: 5 * SECOND_MS,
      rowsMax: BALANCES_PER_SWEEP,
      sweep: (tx) => watchLowBalance(tx, clock.now()),
    }),
    watch('unpaid billings', 15 * SECOND_MS, ({ db }, now) => watchUnpaid(db, now)),
    watch('dead letters', MINUTE_MS, ({ db }, now) => watchDeadLetters(db, now)),
    watch('routes', HOUR_MS, ({ db }, now) => watchRoutes(db, now)),
  ];
}
