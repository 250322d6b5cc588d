import type { Db } from '../runtime/database.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';
import type { InvoiceState } from './invoice-states.ts';
import { unsettledStates } from './invoice-states.ts';

export type InvoiceLine = {
  kind:
    | 'usage'
    | 'late_usage'
    | 'charge'
    | 'late_charge'
    | 'covered_by_credit'
    | 'carried'
    | 'credit'
    | 'section'
    | 'top_up';
  meter: string;
  country: string;
  unitPriceMicros: bigint;
  quantity: bigint;
  amountMicros: bigint;
  description: string;
  /** Whose usage it is where that is another tenant's: that tenant's own record of it. */
  sectionInvoiceId?: string;
};

/** statement: nothing to pay. stripe: Stripe's document is the tax document. ours: this is. section: on the payer's. */
export type InvoiceDocumentKind = 'statement' | 'stripe' | 'ours' | 'section';

export type NewInvoice = {
  id: string;
  tenantId: string;
  periodId: string;
  kind: 'usage';
  document: InvoiceDocumentKind;
  /** `issued` when left out. A document of ours is `awaiting_approval` until it has its number. */
  state?: InvoiceState;
  currency: string;
  /** Exact price of the SMS. */
  usageMicros: bigint;
  /** What is asked for fees and other meters; none when left out. */
  chargesMicros?: bigint;
  /** What is owed for SMS, and what its payment gives the account. */
  settlesMicros: bigint;
  /** What is asked for before tax, its sections included. */
  totalMinor: bigint;
  issuedAt: Date;
  wakeAt: Date | null;
};

/** Stores an invoice with its lines, without tax; the database refuses a second one of the period. */
export async function insertInvoice(
  db: Db,
  invoice: NewInvoice,
  lines: readonly InvoiceLine[],
): Promise<void> {
  await db.invoice.create({
    data: { ...invoice, grossMinor: invoice.totalMinor, state: invoice.state ?? 'issued' },
  });
  await db.invoiceLine.createMany({
    data: lines.map((line, index) => ({ invoiceId: invoice.id, position: index + 1, ...line })),
  });
}

/** What invoices that are not paid will still settle, in micros: the S of "what is owed". */
export async function sumUnsettled(db: Db, tenantId: string, currency: string): Promise<bigint> {
  const { _sum } = await db.invoice.aggregate({
    where: { tenantId, currency, state: { in: [...unsettledStates] } },
    _sum: { settlesMicros: true, creditedMicros: true },
  });
  return (_sum.settlesMicros ?? 0n) - (_sum.creditedMicros ?? 0n);
}

export type LockedInvoice = {
  id: string;
  tenantId: string;
  periodId: string | null;
  kind: 'usage' | 'credit_note' | 'top_up';
  document: InvoiceDocumentKind;
  state: InvoiceState;
  currency: string;
  usageMicros: bigint;
  chargesMicros: bigint;
  settlesMicros: bigint;
  creditedMicros: bigint;
  totalMinor: bigint;
  vatTreatment: string;
  vatRateBps: number;
  vatMinor: bigint;
  grossMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  paymentCount: number;
  number: string | null;
  payerInvoiceId: string | null;
  topUpId: string | null;
};

/** Locks one invoice; null when there is none. */
export async function lockInvoice(db: Db, invoiceId: string): Promise<LockedInvoice | null> {
  const [locked] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM invoices WHERE id = ${invoiceId}::uuid FOR UPDATE`;
  if (!locked) return null;
  return readInvoice(db, invoiceId);
}

/** Locks the sections on a payer's invoice, in one order everywhere. */
export async function lockSections(db: Db, payerInvoiceId: string): Promise<LockedInvoice[]> {
  const locked = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM invoices WHERE payer_invoice_id = ${payerInvoiceId}::uuid ORDER BY id FOR UPDATE`;
  const sections: LockedInvoice[] = [];
  for (const { id } of locked) sections.push(await readInvoice(db, id));
  return sections;
}

async function readInvoice(db: Db, id: string): Promise<LockedInvoice> {
  const row = await db.invoice.findUniqueOrThrow({ where: { id } });
  return {
    ...row,
    kind: row.kind as LockedInvoice['kind'],
    document: row.document as InvoiceDocumentKind,
    state: row.state as InvoiceState,
  };
}

/** Takes invoices whose `wake_at` has come and pushes it forward; returns their ids, oldest first. */
export async function takeDueInvoices(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE invoices
    SET ${pushWakeUp(now)}
    WHERE id IN (
      SELECT id FROM invoices WHERE wake_at <= ${now} ORDER BY wake_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id).toSorted();
}
