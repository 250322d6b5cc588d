import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import type { Cadence } from '../time/local-time.ts';

export const collections = [
  'none',
  'subscription_item',
  'stripe_invoice',
  'stripe_meter',
  'bank_transfer',
  'sippy',
] as const;

export type Collection = (typeof collections)[number];

export type OpenPeriod = {
  id: string;
  tenantId: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  cadence: Cadence;
  paymentTerms: 'prepaid' | 'postpaid';
  currency: string;
  collection: Collection;
  approval: 'automatic' | 'manual';
  thresholdMicros: bigint | null;
  thresholdSegments: bigint | null;
  planFee: 'none' | 'invoice';
  payerTenantId: string | null;
};

/**
 * Open periods that ended by the given instant, of any cadence, and those of deleted tenants, the oldest
 * first. Of periods that ended at once those come first that another tenant pays: so its invoice takes them.
 */
export async function findDuePeriods(
  db: Db,
  { dueBy, tenantId, limit }: { dueBy: Date; tenantId: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id
    FROM billing_periods p
    JOIN tenants t ON t.id = p.tenant_id
    WHERE p.closed_at IS NULL AND (p.ends_at <= ${dueBy} OR t.status = 'deleted')
      AND (${tenantId ?? null}::uuid IS NULL OR p.tenant_id = ${tenantId ?? null}::uuid)
    ORDER BY p.ends_at, p.payer_tenant_id NULLS LAST, p.id
    LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

const columns = Prisma.sql`
  id, tenant_id AS "tenantId", starts_at AS "startsAt", ends_at AS "endsAt", time_zone AS "timeZone", cadence,
  payment_terms AS "paymentTerms", currency, collection, approval, plan_fee AS "planFee",
  threshold_micros AS "thresholdMicros", threshold_segments AS "thresholdSegments", payer_tenant_id AS "payerTenantId"`;

/** Locks a period that is still open; null when somebody has closed it meanwhile. */
export async function lockOpenPeriod(db: Db, periodId: string): Promise<OpenPeriod | null> {
  const rows = await db.$queryRaw<OpenPeriod[]>`
    SELECT ${columns} FROM billing_periods WHERE id = ${periodId}::uuid AND closed_at IS NULL FOR UPDATE`;
  return rows[0] ?? null;
}

/** Locks a closed period whose invoice was voided; null when it has one that stands, or never had one. */
export async function lockBillablePeriod(db: Db, periodId: string): Promise<OpenPeriod | null> {
  const rows = await db.$queryRaw<OpenPeriod[]>`
    SELECT ${columns} FROM billing_periods WHERE id = ${periodId}::uuid AND closed_at IS NOT NULL FOR UPDATE`;
  const invoices = await db.invoice.findMany({
    where: { periodId, kind: 'usage' },
    select: { state: true },
  });
  const isVoided = invoices.length > 0 && invoices.every(({ state }) => state === 'void');
  return isVoided ? (rows[0] ?? null) : null;
}

/** Open periods that may end by a threshold. */
export async function findThresholdPeriods(db: Db, tenantId: string | undefined): Promise<string[]> {
  const rows = await db.billingPeriod.findMany({
    where: { closedAt: null, cadence: 'threshold', ...(tenantId === undefined ? {} : { tenantId }) },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}
