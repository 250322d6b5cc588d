import { type AdvanceDeps, advanceDueMessages, advanceOpenMessages } from '../processing/advance-due-messages.ts';
import type { SimulatorEvent } from '../simulator-event.ts';
import type { PendingReport } from '../state/report-table.ts';
import { type PostReportDeps, postReport } from './post-report.ts';
import { retryDelayMs } from './retry-delay.ts';

const inFlightMax = 64;
const flushedAtOnceMax = 500;
const timerMaxMs = 60 * 60 * 1000;

export interface DeliverWebhooksDeps extends AdvanceDeps, Omit<PostReportDeps, 'stopping'> {
  /** Factor on the waits between attempts, for tests. */
  retryScale: number;
  onEvent: (event: SimulatorEvent) => void;
}

export interface WebhookDelivery {
  /** Looks for due work now; to be called when something new was stored. */
  wake(): void;
  /** Posts everything that waits without waiting, retries included; resolves when nothing is left. */
  flush(): Promise<void>;
  /** Breaks off posts in flight; they stay due for the next start. */
  stop(): Promise<void>;
}

/** Starts moving messages on and posting their reports, each when its due row says so. */
export function deliverWebhooks(deps: DeliverWebhooksDeps): WebhookDelivery {
  const { state, now } = deps;
  const stopping = new AbortController();
  const inFlight = new Map<number, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let flushes = 0;
  let flushing: Promise<void> = Promise.resolve();

  function pump(): void {
    if (stopping.signal.aborted || flushes > 0) return;
    advanceDueMessages(deps);
    const reports = state.reports.due(now().getTime(), inFlightMax + inFlight.size);
    for (const report of reports) {
      if (inFlight.size >= inFlightMax) break;
      if (!inFlight.has(report.seq)) void launch(report);
    }
    setTimer();
  }

  // With all places taken the next finished post looks again, so a timer would only spin.
  function setTimer(): void {
    clearTimeout(timer);
    const report = state.reports.pending(inFlight.size + 1).find(({ seq }) => !inFlight.has(seq));
    const dueAts = [state.messages.nextStepAt(), inFlight.size < inFlightMax ? report?.dueAt : null];
    const soonest = Math.min(...dueAts.map((dueAt) => dueAt ?? Number.POSITIVE_INFINITY));
    if (soonest === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(pump, Math.min(Math.max(soonest - now().getTime(), 1), timerMaxMs));
  }

  function launch(report: PendingReport): Promise<void> {
    const post = deliver(report).finally(() => {
      inFlight.delete(report.seq);
      if (inFlight.size <= inFlightMax / 2) pump();
    });
    inFlight.set(report.seq, post);
    return post;
  }

  async function deliver(report: PendingReport): Promise<void> {
    const { answered, answer } = await postReport({ ...deps, stopping: stopping.signal }, report);
    if (stopping.signal.aborted) return;
    const attempt = report.attempts + 1;
    const delayMs = retryDelayMs(attempt, deps.retryScale);
    const { messageId, result } = report;
    if (answered) state.reports.answered(report.seq, answer);
    else if (delayMs === null) state.reports.dropped(report.seq, answer);
    else state.reports.postponed(report.seq, answer, Math.max(now().getTime(), report.dueAt) + delayMs);
    const msg = answered ? 'report answered' : delayMs === null ? 'report dropped' : 'report failed';
    deps.onEvent({ msg, messageId, result, attempt, answer });
  }

  async function flushOnce(): Promise<void> {
    while (!stopping.signal.aborted) {
      await Promise.all(inFlight.values());
      if (advanceOpenMessages(deps) > 0) continue;
      const reports = state.reports.pending(flushedAtOnceMax);
      if (reports.length === 0) return;
      const lanes = Map.groupBy(reports, (report) => report.messageId);
      await runLanes([...lanes.values()]);
    }
  }

  // Reports of one message go out in the order of their due times, those of different messages side by side.
  async function runLanes(lanes: PendingReport[][]): Promise<void> {
    const waiting = lanes.values();
    const worker = async () => {
      for (const lane of waiting) {
        for (const report of lane) await launch(report);
      }
    };
    await Promise.all(Array.from({ length: inFlightMax }, worker));
  }

  return {
    wake: pump,
    flush: () => {
      flushes += 1;
      clearTimeout(timer);
      flushing = flushing.then(flushOnce).finally(() => {
        flushes -= 1;
        pump();
      });
      return flushing;
    },
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await Promise.allSettled([...inFlight.values(), flushing]);
    },
  };
}
