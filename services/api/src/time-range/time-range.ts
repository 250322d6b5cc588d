import { endOfLocalPeriod, startOfLocalDay } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';
import { invalidRequest } from '../problems/problem.ts';

const Day = z.iso.date();
const Instant = z.iso.datetime({ offset: true });

const dayOrInstant = z
  .string()
  .refine((text) => /^2\d{3}-/.test(text) && (isDay(text) || Instant.safeParse(text).success), {
    error: 'must be a day such as 2026-03-10, or an instant such as 2026-03-10T08:00:00Z',
  });

/** The parameters of a span of time. */
export const timeRangeParameters = {
  from: dayOrInstant.optional().meta({
    description: 'From this local day, or from this instant.',
    example: '2026-03-01',
  }),
  to: dayOrInstant.optional().meta({
    description: 'To the end of this local day, or up to and without this instant.',
    example: '2026-03-31',
  }),
};

export type TimeRangeRequest = { from?: string | undefined; to?: string | undefined };

/** A span of time; its end does not belong to it. */
export type TimeRange = { startsAt: Date; endsAt: Date };

/**
 * The instants that a request means, days in the tenant's zone; what it leaves out is left out.
 * Throws a Problem where the end is not after the start.
 */
export function readTimeRange({ from, to }: TimeRangeRequest, zone: string): Partial<TimeRange> {
  const startsAt = from === undefined ? undefined : startOf(from, zone);
  const endsAt = to === undefined ? undefined : endOf(to, zone);
  if (startsAt && endsAt && endsAt <= startsAt) {
    throw invalidRequest([{ parameter: 'to', detail: 'must be after from' }]);
  }
  return { ...(startsAt && { startsAt }), ...(endsAt && { endsAt }) };
}

function startOf(text: string, zone: string): Date {
  return isDay(text) ? startOfLocalDay(text, zone) : new Date(text);
}

function endOf(text: string, zone: string): Date {
  return isDay(text) ? endOfLocalPeriod(startOfLocalDay(text, zone), 'daily', zone) : new Date(text);
}

function isDay(text: string): boolean {
  return Day.safeParse(text).success;
}
