import type { SimulatorEvent } from '../simulator-event.ts';
import type { PendingReport, ReportTable } from '../state/report-table.ts';
import { type PostReportDeps, postReport } from './post-report.ts';
import { retryDelayMs } from './retry-delay.ts';

export interface DeliverReportDeps extends PostReportDeps {
  reports: ReportTable;
  now: () => Date;
  /** Factor on the waits between attempts, for tests. */
  retryScale: number;
  onEvent: (event: SimulatorEvent) => void;
}

/** Posts a report once and records what came of it: answered, due again later, or dropped after the fifth failure. */
export async function deliverReport(deps: DeliverReportDeps, report: PendingReport): Promise<void> {
  const { answered, answer } = await postReport(deps, report);
  // A post broken off by the stop says nothing about the receiver; the row stays due for the next start.
  if (deps.stopping.aborted) return;
  const { messageId, result } = report;
  const attempt = report.attempts + 1;
  if (answered) {
    deps.reports.answered(report.seq, answer);
    deps.onEvent({ msg: 'report answered', messageId, result, attempt, answer });
    return;
  }
  const delayMs = retryDelayMs(attempt, deps.retryScale);
  if (delayMs === null) {
    deps.reports.dropped(report.seq, answer);
    deps.onEvent({ msg: 'report dropped', messageId, result, attempt, answer });
    return;
  }
  deps.reports.postponed(report.seq, answer, Math.max(deps.now().getTime(), report.dueAt) + delayMs);
  deps.onEvent({ msg: 'report failed', messageId, result, attempt, answer });
}
