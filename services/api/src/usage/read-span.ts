import { DAY_MS, HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { localMonth, localMonthSpan } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';
import { invalidRequest } from '../problems/problem.ts';
import { readTimeRange, type TimeRange, timeRangeParameters } from '../time-range/time-range.ts';

/** 366 days, one of which may have an hour more. */
const SPAN_MS_MAX = 366 * DAY_MS + HOUR_MS;

export const monthParameter = z
  .string()
  .regex(/^2\d{3}-(?:0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-03' })
  .optional()
  .meta({ description: 'A month in the tenant’s zone; default the current one.', example: '2026-03' });

export const spanParameters = {
  ...timeRangeParameters,
  month: monthParameter.meta({ description: 'A local month, instead of from and to.', example: '2026-03' }),
};

export type SpanRequest = {
  from?: string | undefined;
  to?: string | undefined;
  month?: string | undefined;
};

/** What of a span is asked for: a month, or from and to. Throws a Problem for both. */
export function readWishedRange({ month, ...range }: SpanRequest, timeZone: string): Partial<TimeRange> {
  if (month === undefined) return readTimeRange(range, timeZone);
  if (range.from === undefined && range.to === undefined) return localMonthSpan(month, timeZone);
  throw invalidRequest([{ parameter: 'month', detail: 'stands instead of from and to' }]);
}

/** The span that is asked for, the current month where none is. Throws a Problem for more than 366 days. */
export function readSpan(request: SpanRequest, timeZone: string, now: Date): TimeRange {
  const wished = readWishedRange(request, timeZone);
  const span = { ...localMonthSpan(localMonth(now, timeZone), timeZone), ...wished };
  if (span.endsAt <= span.startsAt) {
    throw invalidRequest([{ parameter: request.to ? 'to' : 'from', detail: 'from must be before to' }]);
  }
  if (span.endsAt.getTime() - span.startsAt.getTime() > SPAN_MS_MAX) {
    throw invalidRequest([{ parameter: 'from', detail: 'at most 366 days before to' }]);
  }
  return span;
}
