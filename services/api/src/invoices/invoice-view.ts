import { invoiceStates } from '@tollgate/shared/billing/invoice-states.ts';
import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { localDate, utcDay } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';

const amount = z.string().meta({ example: '148.50' });

const InvoiceLineView = z.object({
  position: z.number().int(),
  kind: z
    .enum([
      'usage',
      'late_usage',
      'charge',
      'late_charge',
      'covered_by_credit',
      'carried',
      'credit',
      'section',
      'top_up',
    ])
    .meta({
      description:
        'charge: a fee or another meter. late_…: of an earlier period. carried: too little to be asked for, until a later invoice takes it up. section: of a tenant that this one pays for.',
    }),
  section: z
    .string()
    .nullable()
    .meta({ description: 'The other tenant’s own record that a section line is of.' }),
  meter: z.string(),
  country: z.string().nullable(),
  unitPrice: amount,
  quantity: z.string().meta({ description: 'In the meter’s unit; for sms_sent, segments.', example: '99' }),
  amount,
  description: z.string(),
});

const PeriodView = z.object({
  cadence: z.enum(['daily', 'weekly', 'monthly', 'threshold']),
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().meta({ description: 'The first instant that no longer belongs to it.' }),
  timeZone: z.string(),
});

export const InvoiceView = z
  .object({
    id: z.string().meta({ example: 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    kind: z.enum(['usage', 'credit_note', 'top_up']),
    state: z.enum(invoiceStates).meta({
      description: 'disputed: it was paid, and the money was taken back; it is unpaid again.',
    }),
    document: z.enum(['statement', 'stripe', 'ours', 'section']).meta({
      description:
        'statement: nothing to pay. stripe: Stripe’s invoice is the tax document. ours: this is the tax document. section: on the invoice of the tenant that pays for this one.',
    }),
    number: z
      .string()
      .nullable()
      .meta({ description: 'Its own number; null where Stripe’s counts.', example: 'INV2026000001' }),
    credits: z.string().nullable().meta({ description: 'The invoice that a credit note takes back.' }),
    period: PeriodView.nullable().meta({ description: 'Null for the tax document of a top-up.' }),
    currency: z.string(),
    usage: amount.meta({ description: 'Exact price of the SMS.' }),
    owed: amount.meta({
      description: 'What remains to be paid of it, exactly; the rest was covered by credit.',
    }),
    charges: amount.meta({ description: 'What is asked for fees and other meters, exactly.' }),
    total: amount.meta({
      description: 'What is asked for before tax, sections included, in whole minor units of the currency.',
    }),
    vat: z.object({
      treatment: z.enum(['none', 'standard', 'reverse_charge', 'outside', 'stripe']),
      ratePercent: z.string().meta({ example: '21' }),
      amount,
    }),
    gross: amount.meta({ description: 'total and VAT.' }),
    taxedUse: z.object({ amount, vat: amount }).nullable().meta({
      description:
        'SMS paid from credit, and the VAT that their prices contain at this rate: of a prepaid tenant, where VAT is due when credit is used.',
    }),
    credited: amount.meta({ description: 'What credit notes took back of gross.' }),
    due: amount.meta({ description: 'What is still to be paid.' }),
    dueOn: z.iso.date().nullable(),
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
  const money = (minor: bigint) => formatMicros(minorUnitsToMicros(minor, row.currency));
  return {
    id: toPublicId('inv', row.id),
    kind: row.kind as InvoiceView['kind'],
    state: row.state as InvoiceView['state'],
    document: row.document as InvoiceView['document'],
    number: row.number,
    credits: row.creditsInvoiceId && toPublicId('inv', row.creditsInvoiceId),
    period: row.period && viewPeriod(row.period),
    currency: row.currency,
    usage: formatMicros(row.usageMicros),
    owed: formatMicros(row.settlesMicros),
    charges: formatMicros(row.chargesMicros),
    total: money(row.totalMinor),
    vat: {
      treatment: row.vatTreatment as InvoiceView['vat']['treatment'],
      ratePercent: String(row.vatRateBps / BASIS_POINTS_PER_PERCENT),
      amount: money(row.vatMinor),
    },
    gross: money(row.grossMinor),
    taxedUse:
      row.taxedUseMicros === 0n
        ? null
        : { amount: formatMicros(row.taxedUseMicros), vat: money(row.taxedUseVatMinor) },
    credited: money(row.creditedMinor),
    due: money(dueMinor(row)),
    dueOn: row.dueOn && utcDay(row.dueOn),
    issuedAt: row.issuedAt.toISOString(),
    paidAt: row.paidAt?.toISOString() ?? null,
    stripe:
      row.stripeInvoiceId === null ? null : { number: row.stripeInvoiceNumber, url: row.stripeInvoiceUrl },
    lines: row.lines.map(viewLine),
  };
}

const BASIS_POINTS_PER_PERCENT = 100;

/** Nothing of what was paid, is void, or goes on another tenant's invoice. */
function dueMinor({ kind, state, document, grossMinor, paidMinor, creditedMinor }: InvoiceRow): bigint {
  if (kind === 'credit_note' || document === 'section' || state === 'paid' || state === 'void') return 0n;
  const left = grossMinor - paidMinor - creditedMinor;
  return left > 0n ? left : 0n;
}

function viewPeriod(period: NonNullable<InvoiceRow['period']>): z.infer<typeof PeriodView> {
  const { startsAt, endsAt, timeZone, cadence } = period;
  return {
    cadence: cadence as z.infer<typeof PeriodView>['cadence'],
    firstDay: localDate(startsAt, timeZone),
    lastDay: localDate(new Date(endsAt.getTime() - 1), timeZone),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    timeZone,
  };
}

function viewLine(line: InvoiceRow['lines'][number]): InvoiceView['lines'][number] {
  return {
    position: line.position,
    kind: line.kind as InvoiceView['lines'][number]['kind'],
    section: line.sectionInvoiceId && toPublicId('inv', line.sectionInvoiceId),
    meter: line.meter,
    country: line.country || null,
    unitPrice: formatMicros(line.unitPriceMicros),
    quantity: line.quantity.toString(),
    amount: formatMicros(line.amountMicros),
    description: line.description,
  };
}
