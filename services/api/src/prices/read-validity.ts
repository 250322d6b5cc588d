import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { invalidRequest } from '../problems/problem.ts';

/** As much the caller's clock may be behind ours. */
const LATENESS_MS = MINUTE_MS;

/** When a price begins and ends. Throws a Problem for one that would begin in the past: what was quoted stays. */
export function readValidity(
  { validFrom, validUntil }: { validFrom?: Date | undefined; validUntil?: Date | undefined },
  now: Date,
): { validFrom: Date; validUntil: Date | null } {
  const isPast = validFrom !== undefined && validFrom.getTime() < now.getTime() - LATENESS_MS;
  if (isPast) throw invalidRequest([{ pointer: '#/validFrom', detail: 'must not be in the past' }]);
  const from = validFrom && validFrom > now ? validFrom : now;
  if (validUntil && validUntil <= from) {
    throw invalidRequest([{ pointer: '#/validUntil', detail: 'must be after validFrom' }]);
  }
  return { validFrom: from, validUntil: validUntil ?? null };
}
