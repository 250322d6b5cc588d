import type { Db } from '../runtime/database.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';

export type InvoiceLine = {
  kind: 'usage' | 'late_usage' | 'covered_by_credit';
  meter: string;
  country: string;
  unitPriceMicros: bigint;
  quantity: bigint;
  amountMicros: bigint;
  description: string;
};

export type NewInvoice = {
  id: string;
  tenantId: string;
  periodId: string;
  kind: 'usage';
  /** statement: nothing to pay. stripe: Stripe's document is the tax document. */
  document: 'statement' | 'stripe';
  currency: string;
  usageMicros: bigint;
  settlesMicros: bigint;
  totalMinor: bigint;
  issuedAt: Date;
  wakeAt: Date | null;
};

/** Issues an invoice with its lines; the database refuses a second one of the period. */
export async function insertInvoice(
  db: Db,
  invoice: NewInvoice,
  lines: readonly InvoiceLine[],
): Promise<void> {
  await db.invoice.create({
    data: {
      ...invoice,
      state: 'issued',
      lines: { create: lines.map((line, index) => ({ position: index + 1, ...line })) },
    },
  });
}

/** What issued invoices that are not paid yet will settle, in micros: the S of "what is owed". */
export async function sumUnsettled(db: Db, tenantId: string, currency: string): Promise<bigint> {
  const { _sum } = await db.invoice.aggregate({
    where: { tenantId, currency, state: { in: ['issued', 'payment_failed'] } },
    _sum: { settlesMicros: true },
  });
  return _sum.settlesMicros ?? 0n;
}

/** Takes invoices whose `wake_at` has come and pushes it forward. */
export async function takeDueInvoices(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE invoices
    SET ${pushWakeUp(now)}
    WHERE id IN (
      SELECT id FROM invoices WHERE wake_at <= ${now} ORDER BY wake_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id);
}
