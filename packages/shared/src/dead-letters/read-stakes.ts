import { z } from 'zod';
import type { Db } from '../runtime/database.ts';
import type { Stake } from './dead-letter.ts';

const uuid = z.uuid().optional().catch(undefined);

/** What payloads name; anything else in them, or a payload that fits no queue, names nothing. */
const NamedRows = z
  .object({
    messageIds: z.array(z.uuid()).max(1_000).catch([]).default([]),
    invoiceId: uuid,
    notificationId: uuid,
    tenantId: uuid,
  })
  .catch({ messageIds: [] });

/**
 * What a job's rows stand for at this moment, per tenant and currency: the price of messages that have
 * not ended, what an unpaid invoice settles, and without money whose mail or usage it is. Asked for when the
 * letter is buried, because an incident buries thousands: a list that joined their rows each time
 * would be slow just then, and the audit must say what was at stake when somebody decided.
 */
export async function readStakes(db: Db, payload: unknown): Promise<Stake[]> {
  const { messageIds, invoiceId = null, notificationId = null, tenantId = null } = NamedRows.parse(payload);
  return db.$queryRaw<Stake[]>`
    SELECT "tenantId", currency, sum(micros)::bigint AS "atStakeMicros"
    FROM (
      SELECT tenant_id AS "tenantId", currency, CASE WHEN mode = 'live' THEN price_micros ELSE 0 END AS micros
      FROM messages WHERE id = ANY (${messageIds}::uuid[]) AND finished_at IS NULL
      UNION ALL
      SELECT tenant_id, currency, CASE WHEN state IN ('issued', 'payment_failed') THEN settles_micros ELSE 0 END
      FROM invoices WHERE id = ${invoiceId}::uuid
      UNION ALL
      SELECT n.tenant_id, t.currency, 0
      FROM notifications n JOIN tenants t ON t.id = n.tenant_id WHERE n.id = ${notificationId}::uuid
      UNION ALL
      SELECT id, currency, 0 FROM tenants WHERE id = ${tenantId}::uuid) AS named
    GROUP BY "tenantId", currency
    ORDER BY "tenantId", currency`;
}
