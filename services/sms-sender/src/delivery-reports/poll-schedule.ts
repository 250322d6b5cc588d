import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';

/** How reports reach us: posted by the provider, or asked for where it cannot reach us. */
export type ReportSource = 'webhook' | 'polling';

/** After this a message without a receipt stays `sent` for good. */
export const REPORT_DEADLINE_MS = 72 * HOUR_MS;

// Webhooks are dropped after about eight minutes of downtime, so they too are backed by asking.
const pollAfterMs: Record<ReportSource, number[]> = {
  polling: [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS],
  webhook: [10 * MINUTE_MS],
};

/** When to ask next about a message that was handed over at `submittedAt`: ever more rarely, then hourly. */
export function nextPollAt(source: ReportSource, submittedAt: Date, now: Date): Date {
  const age = now.getTime() - submittedAt.getTime();
  const next = pollAfterMs[source].find((after) => after > age);
  return next === undefined ? new Date(now.getTime() + HOUR_MS) : new Date(submittedAt.getTime() + next);
}
