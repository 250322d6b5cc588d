import type { Db } from '../../runtime/database.ts';
import { databaseCode } from '../../runtime/failure.ts';
import { SMS_METER } from '../../usage/message-usage.ts';
import { openPeriod } from '../open-period.ts';

const UNIQUE_VIOLATION = '23505';

/** Deleted tenants are few, and late reports of them fewer. */
const TENANTS_MAX = 100;

/**
 * Opens another period for deleted tenants of whom something was reported after their last invoice, so
 * that the next look bills it and closes it for good. What nobody collects stays as it is.
 */
export async function reopenForLateUsage(db: Db, tenantId: string | undefined): Promise<void> {
  const late = await db.$queryRaw<{ tenantId: string; endedAt: Date }[]>`
    SELECT t.id AS "tenantId", last.ends_at AS "endedAt"
    FROM tenants t
    CROSS JOIN LATERAL (
      SELECT * FROM billing_periods p WHERE p.tenant_id = t.id ORDER BY p.starts_at DESC LIMIT 1) last
    WHERE t.status = 'deleted' AND last.closed_at IS NOT NULL
      AND (${tenantId ?? null}::uuid IS NULL OR t.id = ${tenantId ?? null}::uuid)
      AND EXISTS (
        SELECT 1 FROM usage_rollups r
        WHERE r.tenant_id = t.id AND r.currency = last.currency AND r.invoice_id IS NULL AND r.amount_micros <> 0
          AND (last.collection <> 'none' OR (last.payment_terms = 'prepaid' AND r.meter = ${SMS_METER})
               OR EXISTS (SELECT 1 FROM tenants payer JOIN billing_settings s ON s.tenant_id = payer.id
                          WHERE payer.id = last.payer_tenant_id AND payer.status <> 'deleted'
                            AND payer.currency = last.currency AND s.payer_tenant_id IS NULL)))
    ORDER BY t.id
    LIMIT ${TENANTS_MAX}`;
  for (const each of late) {
    try {
      await openPeriod(db, each.tenantId, each.endedAt);
    } catch (error) {
      // Another run has opened it a moment ago, and one of the two will close it.
      if (databaseCode(error) !== UNIQUE_VIOLATION) throw error;
    }
  }
}
