import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { Admission, SubmissionOutcome } from './sms-provider.ts';

export type Breaker = {
  /** What may be claimed now. Asking while a probe is due hands that probe out. */
  admit(): Admission;
  /** Whether calls are held back; what was claimed before is not posted any more. */
  isOpen(): boolean;
  /** Learns from a call that was made. */
  learn(outcomes: readonly SubmissionOutcome[]): void;
};

const FAILURES_MAX = 3;
const FIRST_PAUSE_MS = 5 * SECOND_MS;
const LONGEST_PAUSE_MS = MINUTE_MS;
/** Longer than a call may take: a probe that nobody reports back is handed out again. */
const PROBE_MS = 30 * SECOND_MS;

/**
 * Stops calling a provider that does not answer. After three calls in a row without a usable answer
 * nothing is claimed for a while; then one message probes, and its answer decides: on with everything,
 * or another pause, twice as long.
 */
export function createBreaker(clock: Clock): Breaker {
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let closedUntil: Date | null = null;
  let probeUntil: Date | null = null;

  const after = (ms: number) => new Date(clock.now().getTime() + ms);

  function pause(): void {
    closedUntil = after(pauseMs);
    probeUntil = null;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  function recover(): void {
    failures = 0;
    pauseMs = FIRST_PAUSE_MS;
    closedUntil = null;
    probeUntil = null;
  }

  return {
    admit() {
      if (closedUntil === null) return { kind: 'all' };
      const now = clock.now();
      if (now < closedUntil) return { kind: 'none', until: closedUntil };
      if (probeUntil !== null && now < probeUntil) return { kind: 'none', until: after(FIRST_PAUSE_MS) };
      probeUntil = after(PROBE_MS);
      return {
        kind: 'probe',
        until: after(FIRST_PAUSE_MS),
        forgo: () => {
          probeUntil = null;
        },
      };
    },
    isOpen: () => closedUntil !== null && probeUntil === null,
    learn(outcomes) {
      if (!isFailure(outcomes)) {
        recover();
        return;
      }
      failures += 1;
      const probeFailed = probeUntil !== null;
      const opens = closedUntil === null && failures >= FAILURES_MAX;
      if (probeFailed || opens) pause();
    },
  };
}

/** No usable answer for any of the call's messages. A refusal is an answer: the provider is there. */
function isFailure(outcomes: readonly SubmissionOutcome[]): boolean {
  return outcomes.every(
    (outcome) =>
      outcome.kind === 'unknown' || (outcome.kind === 'unavailable' && outcome.code === 'not_reached'),
  );
}
