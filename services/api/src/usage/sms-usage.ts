import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { localDate, localMonth, localMonthSpan } from '@tollgate/shared/time/local-time.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import { z } from 'zod';
import { readTimeZone } from '../time-range/read-time-zone.ts';
import type { TimeRange } from '../time-range/time-range.ts';
import { monthParameter } from './read-span.ts';

export const SmsUsageQuery = z.strictObject({
  month: monthParameter,
});

const counts = {
  messages: z.number().int().meta({ description: 'Charged messages less refunded ones.' }),
  segments: z.number().int(),
  cost: z.string().meta({ example: '148.50' }),
};

export const SmsUsageView = z
  .object({
    month: z.string(),
    period: z.object({
      firstDay: z.iso.date(),
      lastDay: z.iso.date(),
      startsAt: z.iso.datetime(),
      endsAt: z.iso.datetime().meta({ description: 'The first instant that no longer belongs to it.' }),
      timeZone: z.string(),
    }),
    currency: z.string(),
    ...counts,
    days: z.array(z.object({ day: z.iso.date(), ...counts })),
    countries: z.array(z.object({ country: z.string(), ...counts })),
  })
  .meta({
    id: 'SmsUsage',
    description:
      'Counted from the usage itself, so it is up to date to the second. A charge counts on the local day of the charge, a refund on the day of the refund.',
  });

export type SmsUsageView = z.infer<typeof SmsUsageView>;

type CountRow = {
  day: string | null;
  country: string | null;
  messages: bigint;
  segments: bigint;
  amountMicros: bigint;
};

/** The tenant's SMS of one local month, in its own currency; `now` says which month is the current one. */
export async function readSmsUsage(
  db: Db,
  { tenantId, currency }: Pick<Caller, 'tenantId' | 'currency'>,
  { month, now }: { month: string | undefined; now: Date },
): Promise<SmsUsageView> {
  const timeZone = await readTimeZone(db, tenantId);
  const asked = month ?? localMonth(now, timeZone);
  const span = localMonthSpan(asked, timeZone);
  const rows = await countSms(db, { tenantId, currency, timeZone, ...span });
  const total = rows.find(({ day, country }) => day === null && country === null);
  return {
    month: asked,
    period: {
      firstDay: localDate(span.startsAt, timeZone),
      lastDay: localDate(new Date(span.endsAt.getTime() - 1), timeZone),
      startsAt: span.startsAt.toISOString(),
      endsAt: span.endsAt.toISOString(),
      timeZone,
    },
    currency,
    ...viewCounts(total ?? { messages: 0n, segments: 0n, amountMicros: 0n }),
    days: rows.flatMap(({ day, ...row }) => (day === null ? [] : [{ day, ...viewCounts(row) }])),
    countries: rows.flatMap(({ country, ...row }) =>
      country === null ? [] : [{ country, ...viewCounts(row) }],
    ),
  };
}

/** By day, by country and altogether, from one look at the events. */
function countSms(
  db: Db,
  {
    tenantId,
    currency,
    timeZone,
    startsAt,
    endsAt,
  }: TimeRange & Record<'tenantId' | 'currency' | 'timeZone', string>,
): Promise<CountRow[]> {
  return db.$queryRaw<CountRow[]>`
    SELECT day, country, sum(sign(quantity))::bigint AS messages, sum(quantity)::bigint AS segments,
           sum(amount_micros)::bigint AS "amountMicros"
    FROM (
      SELECT to_char(occurred_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD') AS day, country, quantity, amount_micros
      FROM usage_events
      WHERE tenant_id = ${tenantId}::uuid AND meter = ${SMS_METER} AND currency = ${currency}
        AND occurred_at >= ${startsAt} AND occurred_at < ${endsAt}
    ) e
    GROUP BY GROUPING SETS ((day), (country), ())
    HAVING count(*) > 0
    ORDER BY day, country`;
}

function viewCounts({
  messages,
  segments,
  amountMicros,
}: Pick<CountRow, 'messages' | 'segments' | 'amountMicros'>) {
  return { messages: Number(messages), segments: Number(segments), cost: formatMicros(amountMicros) };
}
