import type { Db } from '../runtime/database.ts';
import type { Cadence } from '../time/local-time.ts';

export type OpenPeriod = {
  id: string;
  tenantId: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  cadence: Cadence;
  paymentTerms: 'prepaid' | 'postpaid';
  currency: string;
  collection: 'none' | 'subscription_item';
};

/** Open periods that ended by the given instant, of any cadence, the oldest first. */
export async function findDuePeriods(
  db: Db,
  { dueBy, tenantId, limit }: { dueBy: Date; tenantId: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db.billingPeriod.findMany({
    where: { closedAt: null, endsAt: { lte: dueBy }, ...(tenantId === undefined ? {} : { tenantId }) },
    orderBy: [{ endsAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** Locks a period that is still open; null when somebody has closed it meanwhile. */
export async function lockOpenPeriod(db: Db, periodId: string): Promise<OpenPeriod | null> {
  const rows = await db.$queryRaw<OpenPeriod[]>`
    SELECT id, tenant_id AS "tenantId", starts_at AS "startsAt", ends_at AS "endsAt", time_zone AS "timeZone",
           cadence, payment_terms AS "paymentTerms", currency, collection
    FROM billing_periods WHERE id = ${periodId}::uuid AND closed_at IS NULL
    FOR UPDATE`;
  return rows[0] ?? null;
}
