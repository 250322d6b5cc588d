import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';

export const LONGEST_WAIT_MS = 15 * MINUTE_MS;

/** When the account of a blocked provider is looked at again: after a minute, then twice as long each time, up to 15 minutes. */
export function nextCheckAt(checkCount: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(MINUTE_MS * 2 ** checkCount, LONGEST_WAIT_MS));
}
