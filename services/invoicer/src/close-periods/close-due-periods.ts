import { type ClosePeriodDeps, closePeriod } from '@tollgate/shared/billing/closing/close-period.ts';
import type { CloseCause } from '@tollgate/shared/billing/closing/period-end.ts';
import { reopenForLateUsage } from '@tollgate/shared/billing/closing/reopen-for-late-usage.ts';
import { findDuePeriods, findThresholdPeriods } from '@tollgate/shared/billing/periods.ts';
import { beginRun, finishRun, type RunCounts } from '@tollgate/shared/billing/runs.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';

export type CloseDueDeps = ClosePeriodDeps & { logger: Logger };

export type Tick = {
  /** threshold: what a tenant used may have reached its threshold. */
  trigger: 'daily' | 'weekly' | 'monthly' | 'catch-up' | 'threshold' | 'manual';
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
  const { trigger, tenantId } = tick;
  const startedAt = clock.now();
  const runId = await beginRun(prisma, trigger, startedAt);
  const counts: RunCounts = { lookedAt: 0, billed: 0, skipped: 0, failed: 0 };
  await reopenForLateUsage(prisma, tenantId);
  await closeEach(deps, { dueBy: tick.asOf ?? startedAt, tenantId }, counts);
  if (trigger === 'threshold')
    for (const periodId of await findThresholdPeriods(prisma, tenantId))
      await close(deps, periodId, { kind: 'threshold' }, counts);
  const finishedAt = clock.now();
  await finishRun(prisma, runId, counts, finishedAt);
  const durationMs = finishedAt.getTime() - startedAt.getTime();
  logger.info({ trigger, ...counts, durationMs }, 'billing run');
  if (counts.failed > 0) throw new Error(`${counts.failed} of ${counts.lookedAt} periods were not closed`);
  return counts;
}

async function closeEach(
  deps: CloseDueDeps,
  { dueBy, tenantId }: { dueBy: Date; tenantId: string | undefined },
  counts: RunCounts,
): Promise<void> {
  const stuck = new Set<string>();
  for (;;) {
    const limit = PERIODS_PER_LOOK + stuck.size;
    const due = await findDuePeriods(deps.prisma, { dueBy, tenantId, limit });
    const todo = due.filter((id) => !stuck.has(id));
    if (todo.length === 0) return;
    for (const periodId of todo)
      if (!(await close(deps, periodId, { kind: 'schedule' }, counts))) stuck.add(periodId);
  }
}

/** Closes one period and counts what came of it; false when it stays open. */
async function close(
  deps: CloseDueDeps,
  periodId: string,
  cause: CloseCause,
  counts: RunCounts,
): Promise<boolean> {
  counts.lookedAt += 1;
  try {
    const outcome = await closePeriod(deps, periodId, cause);
    counts[outcome === 'billed' ? 'billed' : 'skipped'] += 1;
    return outcome !== 'not_due';
  } catch (error) {
    deps.logger.error({ err: error, periodId }, 'period not closed');
    counts.failed += 1;
    return false;
  }
}
