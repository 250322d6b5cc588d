import { createAlarm } from '../../common/alarm.ts';
import {
  type AdvanceDeps,
  advanceDueMessages,
  advanceOpenMessages,
} from '../processing/advance-due-messages.ts';
import type { PendingReport } from '../state/report-table.ts';
import { deliverLanes } from './deliver-lanes.ts';
import { type DeliverReportDeps, deliverReport } from './deliver-report.ts';

const inFlightMax = 64;
const flushedAtOnceMax = 500;

export interface DeliverWebhooksDeps extends AdvanceDeps, Omit<DeliverReportDeps, 'reports' | 'stopping'> {
  /** Whether it looks for due work when the clock says so, or only when told to. */
  byItself: boolean;
}

export interface WebhookDelivery {
  /** Makes sure that work due at the instant (milliseconds since 1970) is looked for then. */
  wake(at: number): void;
  /** Moves messages on and posts reports that are due by now, one after another; resolves when all were tried. */
  advance(): Promise<void>;
  /** Posts everything that waits without waiting, retries included; resolves when nothing is left. */
  flush(): Promise<void>;
  /** Breaks off posts in flight; they stay due for the next start. */
  stop(): Promise<void>;
}

/** Starts moving messages on and posting their reports, each when its due row says so. */
export function deliverWebhooks(deps: DeliverWebhooksDeps): WebhookDelivery {
  const { state, now } = deps;
  const stop = new AbortController();
  const alarm = deps.byItself ? createAlarm(now, pump) : silentAlarm;
  const inFlight = new Map<number, Promise<void>>();
  let flushes = 0;
  let flushing: Promise<void> = Promise.resolve();

  function pump(): void {
    if (stop.signal.aborted || flushes > 0 || !deps.byItself) return;
    advanceDueMessages(deps);
    const reports = state.reports.due(now().getTime(), inFlightMax + inFlight.size);
    for (const report of reports.filter(({ seq }) => !inFlight.has(seq))) {
      if (inFlight.size < inFlightMax) void launch(report);
    }
    setAlarm();
  }

  // With all places taken the next finished post looks again, so an alarm would only spin.
  function setAlarm(): void {
    alarm.clear();
    const stepAt = state.messages.nextStepAt();
    const report = state.reports.pending(inFlight.size + 1).find(({ seq }) => !inFlight.has(seq));
    if (stepAt !== null) alarm.set(stepAt);
    if (report !== undefined && inFlight.size < inFlightMax) alarm.set(report.dueAt);
  }

  function launch(report: PendingReport): Promise<void> {
    const delivery = deliverReport({ ...deps, reports: state.reports, stopping: stop.signal }, report);
    const settled = delivery.finally(() => {
      inFlight.delete(report.seq);
      if (inFlight.size <= inFlightMax / 2) pump();
    });
    inFlight.set(report.seq, settled);
    return settled;
  }

  async function advance(): Promise<void> {
    let moved = advanceDueMessages(deps);
    while (moved > 0) moved = advanceDueMessages(deps);
    for (const report of state.reports.due(now().getTime(), flushedAtOnceMax)) await launch(report);
  }

  async function flushOnce(): Promise<void> {
    while (!stop.signal.aborted) {
      await Promise.all(inFlight.values());
      if (advanceOpenMessages(deps) > 0) continue;
      const reports = state.reports.pending(flushedAtOnceMax);
      if (reports.length === 0) return;
      await deliverLanes(reports, inFlightMax, launch);
    }
  }

  return {
    wake: alarm.set,
    advance,
    flush: () => {
      flushes += 1;
      flushing = flushing.then(flushOnce).finally(() => {
        flushes -= 1;
        pump();
      });
      return flushing;
    },
    stop: async () => {
      stop.abort();
      alarm.clear();
      await Promise.allSettled([...inFlight.values(), flushing]);
    },
  };
}

const silentAlarm = { set: () => undefined, clear: () => undefined };
