import { seal, unseal } from '../encryption/seal.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { DataKeys } from '../tenants/data-keys.ts';
import { recordUsage } from '../usage/record-usage.ts';

/** The meter of received messages. It has no price: they are counted only. */
export const RECEIVED_METER = 'sms_received';

/** A received message and the tenant that it is for. */
export type NewInboundSms = {
  tenantId: string;
  provider: string;
  /** The stored webhook that brought it, and its place there. */
  inboxId: string;
  position: number;
  /** E.164 */
  sender: string;
  recipient: string | null;
  body: string;
  messageId: string | null;
  isStopWord: boolean;
  receivedAt: Date;
};

type Owner = { id: string; currency: string; dataKeyWrapped: Uint8Array };

/**
 * Stores received messages, sealed with their tenants' keys, each once, and counts those that are new.
 * Returns how many were.
 */
export async function storeInbound(
  db: Db,
  dataKeys: DataKeys,
  inbound: readonly NewInboundSms[],
  at: Date,
): Promise<number> {
  if (inbound.length === 0) return 0;
  const owners = await readOwners(db, [...new Set(inbound.map(({ tenantId }) => tenantId))]);
  const rows = inbound.flatMap(({ body, ...message }) => {
    const owner = owners.get(message.tenantId);
    if (!owner) return [];
    const id = newId();
    const bodyEncrypted = seal(dataKeys.open(owner.id, owner.dataKeyWrapped), body, id);
    return [{ id, ...message, bodyEncrypted, currency: owner.currency }];
  });
  const stored = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO inbound_sms (id, tenant_id, provider, inbox_id, position, sender, recipient, body_encrypted, message_id,
      is_stop_word, received_at)
    SELECT id, "tenantId", provider, "inboxId", position, sender, recipient, "bodyEncrypted", "messageId",
      "isStopWord", "receivedAt"
    FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS i(id uuid, "tenantId" uuid, provider text, "inboxId" uuid,
      position int, sender text, recipient text, "bodyEncrypted" bytea, "messageId" uuid, "isStopWord" boolean,
      "receivedAt" timestamptz)
    ON CONFLICT (inbox_id, position) DO NOTHING
    RETURNING id`;
  const fresh = new Set(stored.map(({ id }) => id));
  const events = rows.filter(({ id }) => fresh.has(id)).map(usageOf);
  await recordUsage(db, events, at);
  return fresh.size;
}

async function readOwners(db: Db, tenantIds: readonly string[]): Promise<Map<string, Owner>> {
  const rows = await db.tenant.findMany({
    where: { id: { in: [...tenantIds] } },
    select: { id: true, currency: true, dataKeyWrapped: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

function usageOf({
  id,
  tenantId,
  currency,
  receivedAt,
}: {
  id: string;
  tenantId: string;
  currency: string;
  receivedAt: Date;
}) {
  return {
    tenantId,
    meter: RECEIVED_METER,
    sourceId: id,
    quantity: 1n,
    currency,
    unitPriceMicros: 0n,
    amountMicros: 0n,
    country: '',
    campaign: null,
    occurredAt: receivedAt,
  };
}

/** The text of a stored message. Throws UnsealError where it does not open under the tenant's key. */
export function openInbound(
  dataKey: Uint8Array,
  { id, bodyEncrypted }: { id: string; bodyEncrypted: Uint8Array },
): string {
  return unseal(dataKey, bodyEncrypted, id).toString();
}
