import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import { PAST_DUE_ALERT } from './past-due-alert.ts';
import { dueDay, unpaidInvoices } from './unpaid-invoices.ts';

/** How a tenant stands: what its unpaid invoices call for, and what is in force. */
export type Standing = {
  tenantId: string;
  /** Whether an invoice is past due by more than the grace days. */
  isPastDue: boolean;
  /** The oldest day that an invoice of it was due on, YYYY-MM-DD. */
  dueSince: string | null;
  onPastDue: 'none' | 'limit' | 'suspend';
  isActive: boolean;
  isLimited: boolean;
  isSuspendedUnpaid: boolean;
  isAlerted: boolean;
};

/**
 * Tenants for whom something is in force that is not called for, or the other way round, in the order
 * in which accounts are locked; of one tenant only, where it is given.
 */
export function findOutOfLine(
  db: Db,
  { today, tenantId = null, limit }: { today: string; tenantId?: string | null; limit: number },
): Promise<Standing[]> {
  const only = (column: Prisma.Sql) =>
    tenantId === null ? Prisma.empty : Prisma.sql`AND ${column} = ${tenantId}::uuid`;
  return db.$queryRaw<Standing[]>`
    WITH past_due AS (
      SELECT i.tenant_id, min(${dueDay}) AS due_since
      FROM invoices i JOIN billing_settings s ON s.tenant_id = i.tenant_id
      WHERE ${unpaidInvoices} AND ${dueDay} < ${today}::date - s.past_due_grace_days
        ${only(Prisma.sql`i.tenant_id`)}
      GROUP BY i.tenant_id),
    restrained AS (
      SELECT tenant_id FROM past_due
      UNION SELECT tenant_id FROM alert_crossings WHERE kind = 'past_due' AND left_at IS NULL
      UNION SELECT id FROM tenants WHERE status = 'suspended' AND suspension_reason = 'unpaid'
      UNION SELECT tenant_id FROM operator_alerts
        WHERE kind = ${PAST_DUE_ALERT} AND closed_at IS NULL AND tenant_id IS NOT NULL),
    standing AS (
      SELECT t.id, p.tenant_id IS NOT NULL AS past_due, p.due_since, s.on_past_due,
             t.status = 'active' AS active,
             t.status = 'suspended' AND t.suspension_reason IS NOT DISTINCT FROM 'unpaid' AS suspended,
             EXISTS (SELECT 1 FROM alert_crossings c
               WHERE c.tenant_id = t.id AND c.kind = 'past_due' AND c.left_at IS NULL) AS limited,
             EXISTS (SELECT 1 FROM operator_alerts a
               WHERE a.kind = ${PAST_DUE_ALERT} AND a.closed_at IS NULL AND a.tenant_id = t.id) AS alerted
      FROM restrained r
      JOIN tenants t ON t.id = r.tenant_id
      JOIN billing_settings s ON s.tenant_id = t.id
      LEFT JOIN past_due p ON p.tenant_id = t.id
      WHERE true ${only(Prisma.sql`t.id`)})
    SELECT id AS "tenantId", past_due AS "isPastDue", due_since::text AS "dueSince", on_past_due AS "onPastDue",
           active AS "isActive", limited AS "isLimited", suspended AS "isSuspendedUnpaid", alerted AS "isAlerted"
    FROM standing
    WHERE limited <> (past_due AND on_past_due = 'limit')
       OR (suspended AND NOT (past_due AND on_past_due = 'suspend'))
       OR (active AND past_due AND on_past_due = 'suspend')
       OR alerted <> past_due
    ORDER BY id
    LIMIT ${limit}`;
}
