import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { localDate, localMonth, localMonthSpan } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';
import { readTimeZone } from '../time-range/read-time-zone.ts';
import { monthParameter } from '../usage/read-span.ts';
import { readSmsUsage, SmsUsageView } from '../usage/sms-usage.ts';
import { type BilledRow, listMonths, sumBilled, sumByInvoice, type UsageSum } from './sum-billed.ts';

export const ReportQuery = z.strictObject({ month: monthParameter });

const sum = z.object({
  quantity: z.string().meta({ example: '99' }),
  amount: z.string().meta({ example: '148.50' }),
});

const usage = {
  asBilled: sum.meta({ description: 'What invoices and statements that stand have taken.' }),
  asKnownNow: sum.meta({ description: 'What the days come to with all that is known now.' }),
  notYetBilled: sum.meta({
    description: 'The difference: a month that goes on, and what was late or corrected since it was billed.',
  }),
};

const InvoiceOfMonth = z.object({
  id: z.string().meta({ example: 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
  number: z.string().nullable(),
  state: z.string(),
  issuedAt: z.iso.datetime(),
  isLate: z
    .boolean()
    .meta({ description: 'It is of a later period: the month’s usage stands there as late.' }),
  amount: z.string().meta({ description: 'Of this month’s usage, before VAT.', example: '148.50' }),
});

export const ReportView = z
  .object({
    month: z.string().meta({ example: '2026-03' }),
    period: SmsUsageView.shape.period,
    isOver: z.boolean(),
    reports: z
      .array(
        z.object({
          currency: z.string(),
          sms: SmsUsageView.pick({ messages: true, segments: true, cost: true, countries: true, days: true }),
          meters: z.array(z.object({ meter: z.string(), ...usage })),
          invoices: z.array(InvoiceOfMonth),
        }),
      )
      .meta({ description: 'One per currency.' }),
    months: z
      .array(z.string())
      .meta({ description: 'Months with usage, the newest first; three years at most.' }),
  })
  .meta({ id: 'MonthReport' });

/** What a local month came to, as it was billed and as it is known now. */
export async function readReport(
  db: Db,
  caller: { tenantId: string; currency: string },
  month: string | undefined,
  now: Date,
): Promise<z.infer<typeof ReportView>> {
  const { tenantId } = caller;
  const timeZone = await readTimeZone(db, tenantId);
  const asked = month ?? localMonth(now, timeZone);
  const { startsAt, endsAt } = localMonthSpan(asked, timeZone);
  const days = { from: localDate(startsAt, timeZone), until: localDate(endsAt, timeZone) };
  const billed = await sumBilled(db, tenantId, days);
  const invoices = await sumByInvoice(db, tenantId, days);
  const currencies = [...new Set([caller.currency, ...billed.map(({ currency }) => currency)])];
  const reports: z.infer<typeof ReportView>['reports'] = [];
  for (const currency of currencies) {
    const {
      messages,
      segments,
      cost,
      countries,
      days: byDay,
    } = await readSmsUsage(db, { tenantId, currency }, { month: asked, now });
    reports.push({
      currency,
      sms: { messages, segments, cost, countries, days: byDay },
      meters: billed.filter((row) => row.currency === currency).map(viewMeter),
      invoices: invoices.filter((row) => row.currency === currency).map(viewInvoice),
    });
  }
  return {
    month: asked,
    period: {
      firstDay: days.from,
      lastDay: localDate(new Date(endsAt.getTime() - 1), timeZone),
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      timeZone,
    },
    isOver: endsAt <= now,
    reports,
    months: await listMonths(db, tenantId),
  };

  function viewInvoice(
    row: Awaited<ReturnType<typeof sumByInvoice>>[number],
  ): z.infer<typeof InvoiceOfMonth> {
    return {
      id: toPublicId('inv', row.id),
      number: row.number ?? row.stripeNumber,
      state: row.state,
      issuedAt: row.issuedAt.toISOString(),
      isLate: row.periodStartsAt !== null && row.periodStartsAt >= endsAt,
      amount: formatMicros(row.amountMicros),
    };
  }
}

function viewMeter({ meter, billed, known }: BilledRow) {
  const open = {
    quantity: known.quantity - billed.quantity,
    amountMicros: known.amountMicros - billed.amountMicros,
  };
  return { meter, asBilled: viewSum(billed), asKnownNow: viewSum(known), notYetBilled: viewSum(open) };
}

function viewSum({ quantity, amountMicros }: UsageSum) {
  return { quantity: quantity.toString(), amount: formatMicros(amountMicros) };
}
