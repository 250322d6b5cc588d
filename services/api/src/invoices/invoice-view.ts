import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';

const amount = z.string().meta({ example: '148.50' });

const InvoiceLineView = z.object({
  position: z.number().int(),
  kind: z.enum(['usage', 'late_usage', 'covered_by_credit']),
  meter: z.string(),
  country: z.string().nullable(),
  unitPrice: amount,
  quantity: z.string().meta({ description: 'In the meter’s unit; for sms_sent, segments.', example: '99' }),
  amount,
  description: z.string(),
});

export const InvoiceView = z
  .object({
    id: z.string().meta({ example: 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    state: z.enum(['issued', 'paid', 'payment_failed', 'void']),
    document: z.enum(['statement', 'stripe']).meta({
      description: 'statement: nothing to pay. stripe: Stripe’s invoice is the tax document.',
    }),
    period: z.object({
      cadence: z.enum(['daily', 'weekly', 'monthly']),
      firstDay: z.iso.date(),
      lastDay: z.iso.date(),
      startsAt: z.iso.datetime(),
      endsAt: z.iso.datetime().meta({ description: 'The first instant that no longer belongs to it.' }),
      timeZone: z.string(),
    }),
    currency: z.string(),
    usage: amount.meta({ description: 'Exact price of what was used.' }),
    owed: amount.meta({
      description: 'What remains to be paid of it, exactly; the rest was covered by credit.',
    }),
    total: amount.meta({ description: 'What is asked for: owed, in whole minor units of the currency.' }),
    issuedAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
    stripe: z
      .object({ number: z.string().nullable(), url: z.string().nullable() })
      .nullable()
      .meta({ description: 'Stripe’s own invoice, once it is known.' }),
    lines: z.array(InvoiceLineView),
  })
  .meta({ id: 'Invoice', description: 'What a closed billing period came to.' });

export type InvoiceView = z.infer<typeof InvoiceView>;

/** What is read of an invoice for its view. */
export const invoiceParts = {
  period: true,
  lines: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.InvoiceInclude;

export type InvoiceRow = Prisma.InvoiceGetPayload<{ include: typeof invoiceParts }>;

/** A stored invoice as its tenant sees it; its period's days are those of the period's own zone. */
export function viewInvoice(row: InvoiceRow): InvoiceView {
  const { startsAt, endsAt, timeZone, cadence } = row.period;
  return {
    id: toPublicId('inv', row.id),
    state: row.state as InvoiceView['state'],
    document: row.document as InvoiceView['document'],
    period: {
      cadence: cadence as InvoiceView['period']['cadence'],
      firstDay: localDate(startsAt, timeZone),
      lastDay: localDate(new Date(endsAt.getTime() - 1), timeZone),
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      timeZone,
    },
    currency: row.currency,
    usage: formatMicros(row.usageMicros),
    owed: formatMicros(row.settlesMicros),
    total: formatMicros(minorUnitsToMicros(row.totalMinor, row.currency)),
    issuedAt: row.issuedAt.toISOString(),
    paidAt: row.paidAt?.toISOString() ?? null,
    stripe:
      row.stripeInvoiceId === null ? null : { number: row.stripeInvoiceNumber, url: row.stripeInvoiceUrl },
    lines: row.lines.map(viewLine),
  };
}

function viewLine(line: InvoiceRow['lines'][number]): InvoiceView['lines'][number] {
  return {
    position: line.position,
    kind: line.kind as InvoiceView['lines'][number]['kind'],
    meter: line.meter,
    country: line.country || null,
    unitPrice: formatMicros(line.unitPriceMicros),
    quantity: line.quantity.toString(),
    amount: formatMicros(line.amountMicros),
    description: line.description,
  };
}
