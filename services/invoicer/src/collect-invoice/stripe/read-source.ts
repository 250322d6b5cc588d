import { payableStates } from '@tollgate/shared/billing/invoice-states.ts';
import type { InvoiceLine } from '@tollgate/shared/billing/invoices.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';

export type SourceLine = Pick<
  InvoiceLine,
  'kind' | 'meter' | 'unitPriceMicros' | 'quantity' | 'amountMicros' | 'description'
>;

/** What an invoice of ours asks Stripe to collect. */
export type InvoiceSource = {
  invoiceId: string;
  tenantId: string;
  currency: string;
  /** Before tax, less what was credited before it was collected. */
  totalMinor: bigint;
  /** Without what was credited since. */
  wholeMinor: bigint;
  /** Whether the lines add up to the total: they do unless something was credited. */
  linesAddUp: boolean;
  startsAt: Date;
  endsAt: Date;
  /** The zone of the tenant's days. */
  timeZone: string;
  lines: SourceLine[];
};

/** Locks an invoice that Stripe has to collect; null when there is nothing to collect any more. */
export async function lockSource(db: Db, invoiceId: string): Promise<InvoiceSource | null> {
  await db.$queryRaw`SELECT id FROM invoices WHERE id = ${invoiceId}::uuid FOR UPDATE`;
  return readSource(db, invoiceId);
}

/** What there is to collect for an invoice, without a lock; null when there is nothing. */
export async function readSource(db: Db, invoiceId: string): Promise<InvoiceSource | null> {
  const invoice = await db.invoice.findUnique({
    where: { id: invoiceId, document: 'stripe', state: { in: [...payableStates] } },
    include: { lines: { orderBy: { position: 'asc' } }, period: true },
  });
  if (!invoice) return null;
  const { tenantId, currency, creditedMinor, period } = invoice;
  const totalMinor = invoice.totalMinor - creditedMinor;
  if (totalMinor <= 0n) return null;
  if (!period) throw new RangeError(`invoice ${invoiceId} is not about a period`);
  return {
    invoiceId,
    tenantId,
    currency,
    totalMinor,
    wholeMinor: invoice.totalMinor,
    linesAddUp: creditedMinor === 0n,
    startsAt: period.startsAt,
    endsAt: period.endsAt,
    timeZone: period.timeZone,
    lines: invoice.lines as SourceLine[],
  };
}
