import type { Db } from '@tollgate/shared/runtime/database.ts';

/** Local days; the last one does not belong to it. */
export type DaySpan = { from: string; until: string };

export type UsageSum = { quantity: bigint; amountMicros: bigint };

export type BilledRow = {
  meter: string;
  currency: string;
  /** What invoices that stand have taken. */
  billed: UsageSum;
  /** What all roll-ups of the days come to, and events that none of them counts yet. */
  known: UsageSum;
};

type Row = {
  meter: string;
  currency: string;
  billedQuantity: bigint;
  billedMicros: bigint;
  quantity: bigint;
  amountMicros: bigint;
};

/** What the days came to, by meter and currency. A roll-up on an invoice is billed; a void one has none. */
export async function sumBilled(db: Db, tenantId: string, { from, until }: DaySpan): Promise<BilledRow[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT meter, currency, coalesce(sum(quantity) FILTER (WHERE invoice_id IS NOT NULL), 0)::bigint AS "billedQuantity",
           coalesce(sum(amount_micros) FILTER (WHERE invoice_id IS NOT NULL), 0)::bigint AS "billedMicros",
           sum(quantity)::bigint AS quantity, sum(amount_micros)::bigint AS "amountMicros"
    FROM usage_rollups
    WHERE tenant_id = ${tenantId}::uuid AND day >= ${from}::date AND day < ${until}::date
    GROUP BY meter, currency
    ORDER BY meter, currency`;
  return rows.map(({ meter, currency, billedQuantity, billedMicros, quantity, amountMicros }) => ({
    meter,
    currency,
    billed: { quantity: billedQuantity, amountMicros: billedMicros },
    known: { quantity, amountMicros },
  }));
}

export type InvoiceSum = {
  id: string;
  number: string | null;
  stripeNumber: string | null;
  state: string;
  currency: string;
  issuedAt: Date;
  periodStartsAt: Date | null;
  amountMicros: bigint;
};

/** The invoices that took usage of the days, oldest first, each with what it took of them. */
export function sumByInvoice(db: Db, tenantId: string, { from, until }: DaySpan): Promise<InvoiceSum[]> {
  return db.$queryRaw<InvoiceSum[]>`
    SELECT i.id, i.number, i.stripe_invoice_number AS "stripeNumber", i.state, i.currency, i.issued_at AS "issuedAt",
           p.starts_at AS "periodStartsAt", r.micros::bigint AS "amountMicros"
    FROM (SELECT invoice_id, sum(amount_micros) AS micros FROM usage_rollups
          WHERE tenant_id = ${tenantId}::uuid AND day >= ${from}::date AND day < ${until}::date AND invoice_id IS NOT NULL
          GROUP BY invoice_id) r
    JOIN invoices i ON i.id = r.invoice_id
    LEFT JOIN billing_periods p ON p.id = i.period_id
    ORDER BY i.issued_at, i.id`;
}

const MONTHS_MAX = 36;

/** Months of which usage is known, the newest first. */
export async function listMonths(db: Db, tenantId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ month: string }[]>`
    SELECT DISTINCT to_char(day, 'YYYY-MM') AS month
    FROM usage_rollups WHERE tenant_id = ${tenantId}::uuid ORDER BY month DESC LIMIT ${MONTHS_MAX}`;
  return rows.map(({ month }) => month);
}
