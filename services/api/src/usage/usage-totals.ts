import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { invalidRequest } from '../problems/problem.ts';
import { storableText } from '../problems/storable-text.ts';
import { readTimeZone } from '../time-range/read-time-zone.ts';
import { readSpan, spanParameters } from './read-span.ts';
import { type GroupRow, groupings, sumUsage, type TotalRow } from './sum-usage.ts';

const GROUPS_MAX = 1_000;

const Position = z.object({
  groupBy: z.enum(groupings),
  key: storableText(100, { lengthMin: 0 }),
  meter: storableText(100),
  currency: storableText(3),
});
const cursor = defineCursor('usage', Position);

export const UsageTotalsQuery = z.strictObject({
  ...spanParameters,
  groupBy: z.enum(groupings).default('day'),
  meter: storableText(100).optional().meta({ description: 'Only this meter.', example: 'sms_sent' }),
  limit: wholeNumber({ min: 1, max: GROUPS_MAX }).default(GROUPS_MAX),
  cursor: cursor.parameter.optional(),
});

export type UsageTotalsQuery = z.infer<typeof UsageTotalsQuery>;

const sums = {
  meter: z.string(),
  currency: z.string(),
  quantity: z.string().meta({
    description:
      'In the meter’s unit; for sms_sent, segments. A level has one for each day; these are added.',
    example: '99',
  }),
  eventCount: z.number().int().meta({ description: 'Charges and corrections.' }),
  amount: z.string().nullable().meta({
    description:
      'Exact, to a millionth. Null where the level of a day, which has one price, is grouped by campaign, user or resource.',
    example: '148.50',
  }),
};

export const UsageTotalsView = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    timeZone: z.string(),
    groupBy: z.enum(groupings),
    groups: z.array(
      z.object({
        key: z
          .string()
          .nullable()
          .meta({ description: 'The day, meter, country, campaign, user or resource; null for none.' }),
        ...sums,
      }),
    ),
    totals: z.array(z.object(sums)).meta({ description: 'Of the whole span, whatever the page.' }),
    ...pageEnd,
  })
  .meta({
    id: 'UsageTotals',
    description: 'Meters and currencies are never added together: a group has one row for each.',
  });

export type UsageTotalsView = z.infer<typeof UsageTotalsView>;

/** What the tenant used in a span, by group; the current local month where the query names none. */
export async function readUsageTotals(
  db: Db,
  tenantId: string,
  query: UsageTotalsQuery,
  now: Date,
): Promise<UsageTotalsView> {
  const timeZone = await readTimeZone(db, tenantId);
  const span = readSpan(query, timeZone, now);
  if (query.cursor && query.cursor.groupBy !== query.groupBy) {
    throw invalidRequest([{ parameter: 'cursor', detail: 'belongs to another groupBy' }]);
  }
  const rows = await sumUsage(db, { tenantId, timeZone, ...span }, query);
  const { page, continueAfter } = cutPage(
    rows.filter((row): row is GroupRow & { key: string } => row.key !== null),
    query.limit,
  );
  return {
    from: span.startsAt.toISOString(),
    to: span.endsAt.toISOString(),
    timeZone,
    groupBy: query.groupBy,
    groups: page.map((row) => ({ key: row.key || null, ...viewSums(row) })),
    totals: rows.filter(({ key }) => key === null).map(viewSums),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && cursor.after({ groupBy: query.groupBy, ...positionOf(continueAfter) }),
  };
}

function positionOf({ key, meter, currency }: GroupRow & { key: string }) {
  return { key, meter, currency };
}

function viewSums({ meter, currency, quantity, eventCount, amountMicros }: TotalRow) {
  return {
    meter,
    currency,
    quantity: quantity.toString(),
    eventCount: Number(eventCount),
    amount: amountMicros === null ? null : formatMicros(amountMicros),
  };
}
