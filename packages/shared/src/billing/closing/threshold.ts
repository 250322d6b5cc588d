import type { Db } from '../../runtime/database.ts';
import { SMS_METER } from '../../usage/message-usage.ts';
import type { OpenPeriod } from '../periods.ts';

/** What is open to be billed: the exact price of all usage, and the billed SMS segments. */
export type OpenUsage = { usageMicros: bigint; segments: bigint };

/** What the tenant's next invoice would take, as far as it is rolled up; fees are written when it is made. */
export async function readOpenUsage(
  db: Db,
  { tenantId, currency }: { tenantId: string; currency: string },
): Promise<OpenUsage> {
  const rows = await db.$queryRaw<OpenUsage[]>`
    SELECT coalesce(sum(amount_micros), 0)::bigint AS "usageMicros",
           coalesce(sum(quantity) FILTER (WHERE meter = ${SMS_METER}), 0)::bigint AS segments
    FROM usage_rollups WHERE tenant_id = ${tenantId}::uuid AND currency = ${currency} AND invoice_id IS NULL`;
  return rows[0] ?? { usageMicros: 0n, segments: 0n };
}

/** Whether either line that the period was opened with is reached. */
export function isThresholdReached(
  { thresholdMicros, thresholdSegments }: Pick<OpenPeriod, 'thresholdMicros' | 'thresholdSegments'>,
  { usageMicros, segments }: OpenUsage,
): boolean {
  return (
    (thresholdMicros !== null && usageMicros >= thresholdMicros) ||
    (thresholdSegments !== null && segments >= thresholdSegments)
  );
}
