import { SECOND_MS } from '@tollgate/shared/time/durations.ts';

/** When the next write to each endpoint may leave, and until when Stripe asked for silence; in ms of one clock. */
export type Pace = { nextAt: Map<string, number>; pausedUntil: Map<string, number>; refusals: number };

export const EVERYWHERE = '*';

const PAUSE_MS_MAX = 30 * SECOND_MS;

/** A pace at which nothing was written yet. */
export function newPace(): Pace {
  return { nextAt: new Map(), pausedUntil: new Map(), refusals: 0 };
}

/** Takes the next place in an endpoint's row; returns how long to wait for it, in ms. */
export function takePlace(pace: Pace, endpoint: string, writesPerSecond: number, nowMs: number): number {
  const at = Math.max(
    nowMs,
    pace.nextAt.get(endpoint) ?? 0,
    pace.pausedUntil.get(endpoint) ?? 0,
    pace.pausedUntil.get(EVERYWHERE) ?? 0,
  );
  pace.nextAt.set(endpoint, at + SECOND_MS / writesPerSecond);
  return at - nowMs;
}

/**
 * Notes how Stripe answered. A limit of the account stops everything, one of an endpoint that endpoint,
 * each time for longer and never for the same time; a lock on one object (no reason, or
 * `resource-specific`) concerns only the row that met it. `random` is from 0 to 1.
 */
export function noteAnswer(
  pace: Pace,
  { endpoint, status, reason }: { endpoint: string; status: number; reason: string | undefined },
  nowMs: number,
  random: number,
): void {
  if (status !== 429) {
    pace.refusals = 0;
    return;
  }
  const scope = reason?.startsWith('global') ? EVERYWHERE : reason?.startsWith('endpoint') ? endpoint : null;
  if (scope === null) return;
  pace.refusals += 1;
  const pauseMs = Math.min(PAUSE_MS_MAX, (SECOND_MS / 2) * 2 ** pace.refusals) * (0.5 + random / 2);
  pace.pausedUntil.set(scope, Math.max(pace.pausedUntil.get(scope) ?? 0, nowMs + pauseMs));
}

/** The endpoint of a path as Stripe counts them: ids do not tell endpoints apart. */
export function endpointOf(method: string, path: string): string {
  const [bare = ''] = path.split('?');
  return `${method} ${bare.replaceAll(/\/[a-z_]+_(?=[A-Za-z0-9]*[A-Z0-9])[A-Za-z0-9]+/g, '/:id')}`;
}
