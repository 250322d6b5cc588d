import type { Db } from '../runtime/database.ts';
import type { ThresholdState } from './measure-threshold.ts';
import { SMS_METER } from './message-usage.ts';

export type OpenThreshold = ThresholdState & {
  tenantId: string;
  currency: string;
  /** Whether closing the period bills what is open; what nobody collects stays open for ever. */
  isCollected: boolean;
};

/**
 * Open periods of cadence "threshold" with the SMS usage that waits to be billed, of one tenant or, in
 * the order of their ids, of those after another. What a voided invoice released does not count: it was
 * over the line once already.
 */
export function readThresholds(
  db: Db,
  {
    tenantId = null,
    after = null,
    limit,
  }: { tenantId?: string | null; after?: string | null; limit: number },
): Promise<OpenThreshold[]> {
  return db.$queryRaw<OpenThreshold[]>`
    SELECT p.tenant_id AS "tenantId", p.currency, p.payment_terms = 'prepaid' OR p.collection <> 'none' AS "isCollected",
           p.threshold_micros AS "thresholdMicros", p.threshold_segments AS "thresholdSegments",
           coalesce(sum(r.amount_micros), 0)::bigint AS "usageMicros", coalesce(sum(r.quantity), 0)::bigint AS segments
    FROM billing_periods p
    LEFT JOIN usage_rollups r ON r.tenant_id = p.tenant_id AND r.currency = p.currency AND r.meter = ${SMS_METER}
      AND r.invoice_id IS NULL AND NOT r.is_released
    WHERE p.closed_at IS NULL AND p.cadence = 'threshold'
      AND (${tenantId}::uuid IS NULL OR p.tenant_id = ${tenantId}::uuid)
      AND (${after}::uuid IS NULL OR p.tenant_id > ${after}::uuid)
    GROUP BY p.id
    ORDER BY p.tenant_id
    LIMIT ${limit}`;
}
