import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';

/**
 * A message that the provider itself did not take this often is given up, whatever time is left. Outages,
 * blocks and rate limits speak of the provider, not of the message: there only its validity counts.
 */
export const REFUSALS_MAX = 8;

const FIRST_DELAY_MS = 2 * SECOND_MS;
const LONGEST_DELAY_MS = 10 * MINUTE_MS;

/** Delay before the next attempt: doubling from 2 s to 10 min, half of it random (0 ≤ random < 1). */
export function retryDelayMs(attemptCount: number, random: number): number {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attemptCount - 1), LONGEST_DELAY_MS);
  return Math.round(delay / 2 + (delay / 2) * random);
}
