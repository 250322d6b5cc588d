import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { NewMessage } from './message.ts';

/** Stores accepted messages in one statement. */
export async function insertMessages(db: Db, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await db.$executeRaw`
    INSERT INTO messages (id, tenant_id, mode, category, recipient, country, sender, body_encrypted, encoding,
      segments, currency, unit_price_micros, priced_per, price_micros, charge_on, state, reference, campaign,
      metadata, callback_url, trace_parent, accepted_at, send_at, not_before, expires_at, wake_at, batch_id)
    SELECT id, "tenantId", mode, category, recipient, country, sender, "bodyEncrypted", encoding,
      segments, currency, "unitPriceMicros", "pricedPer", "priceMicros", "chargeOn", 'accepted', reference, campaign,
      metadata, "callbackUrl", "traceParent", "acceptedAt", "sendAt", "notBefore", "expiresAt", "wakeAt", "batchId"
    FROM jsonb_to_recordset(${jsonRows(messages)}::jsonb) AS m(
      id uuid, "tenantId" uuid, mode text, category text, recipient text, country text, sender text,
      "bodyEncrypted" bytea, encoding text, segments int, currency text, "unitPriceMicros" bigint,
      "pricedPer" text, "priceMicros" bigint, "chargeOn" text, reference text, campaign text, metadata jsonb,
      "callbackUrl" text, "traceParent" text, "acceptedAt" timestamptz, "sendAt" timestamptz,
      "notBefore" timestamptz, "expiresAt" timestamptz, "wakeAt" timestamptz, "batchId" uuid)`;
}
