import { findDuePeriods } from '@tollgate/shared/billing/periods.ts';
import { beginRun, finishRun, type RunCounts } from '@tollgate/shared/billing/runs.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { type ClosePeriodDeps, closePeriod } from './close-period.ts';

export type CloseDueDeps = ClosePeriodDeps & { logger: Logger };

export type Tick = {
  trigger: 'daily' | 'weekly' | 'monthly' | 'catch-up' | 'manual';
  /** Only this tenant; all when left out. */
  tenantId?: string | undefined;
  /** What has ended by then is due; now when left out. */
  asOf?: Date | undefined;
};

const PERIODS_PER_LOOK = 200;

/**
 * Closes everything that is due, whatever its cadence and whatever the tick is called. A closed period
 * opens the next one, which may be due as well, so it looks until nothing is left. One tenant that
 * fails does not keep the others from being billed; the job fails at the end and comes again.
 */
export async function closeDuePeriods(deps: CloseDueDeps, tick: Tick): Promise<RunCounts> {
  const { prisma, clock, logger } = deps;
  const startedAt = clock.now();
  const dueBy = tick.asOf ?? startedAt;
  const runId = await beginRun(prisma, tick.trigger, startedAt);
  const counts: RunCounts = { lookedAt: 0, billed: 0, skipped: 0, failed: 0 };
  const failed = new Set<string>();
  for (;;) {
    const due = await findDuePeriods(prisma, {
      dueBy,
      tenantId: tick.tenantId,
      limit: PERIODS_PER_LOOK + failed.size,
    });
    const todo = due.filter((id) => !failed.has(id));
    if (todo.length === 0) break;
    for (const periodId of todo) {
      counts.lookedAt += 1;
      try {
        const outcome = await closePeriod(deps, periodId);
        counts[outcome === 'billed' ? 'billed' : 'skipped'] += 1;
      } catch (error) {
        logger.error({ err: error, periodId }, 'period not closed');
        failed.add(periodId);
        counts.failed += 1;
      }
    }
  }
  const finishedAt = clock.now();
  await finishRun(prisma, runId, counts, finishedAt);
  const durationMs = finishedAt.getTime() - startedAt.getTime();
  logger.info({ trigger: tick.trigger, ...counts, durationMs }, 'billing run');
  if (counts.failed > 0) throw new Error(`${counts.failed} of ${counts.lookedAt} periods were not closed`);
  return counts;
}
