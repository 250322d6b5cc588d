import { deriveKey } from '../encryption/derive-key.ts';
import { seal, unseal } from '../encryption/seal.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';

export type NewInboxEvent = {
  id: string;
  source: string;
  /** The sender's own id of the delivery: the same event arriving again is stored once. */
  externalId: string;
  body: string;
  receivedAt: Date;
  wakeAt: Date;
};

export type InboxEvent = { id: string; source: string; body: string; receivedAt: Date };

export type Inbox = {
  /** Stores events as they came, sealed, because they hold phone numbers; returns the ids that were new. */
  store(db: Db, events: readonly NewInboxEvent[]): Promise<string[]>;
  /** Reads an event that is not applied yet; null otherwise. For handlers that ask the outside again. */
  read(db: Db, id: string): Promise<InboxEvent | null>;
  /** Locks those of the events that are not applied and that nobody else is applying. */
  claim(db: Db, ids: readonly string[]): Promise<InboxEvent[]>;
};

/** The inbox with its own sub-key of MASTER_KEY. */
export function createInbox(masterKey: Uint8Array): Inbox {
  const key = deriveKey(masterKey, 'inbox');
  return {
    async store(db, events) {
      if (events.length === 0) return [];
      const rows = events.map(({ body, ...event }) => ({
        ...event,
        bodyEncrypted: seal(key, body, event.id),
      }));
      const stored = await db.$queryRaw<{ id: string }[]>`
        INSERT INTO inbox_events (id, source, external_id, body_encrypted, received_at, wake_at)
        SELECT id, source, "externalId", "bodyEncrypted", "receivedAt", "wakeAt"
        FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS e(
          id uuid, source text, "externalId" text, "bodyEncrypted" bytea, "receivedAt" timestamptz, "wakeAt" timestamptz)
        ORDER BY source, "externalId"
        ON CONFLICT (source, external_id) DO NOTHING
        RETURNING id`;
      return stored.map(({ id }) => id);
    },
    async read(db, id) {
      const row = await db.inboxEvent.findUnique({ where: { id, appliedAt: null } });
      return row && { ...row, body: unseal(key, row.bodyEncrypted, row.id).toString() };
    },
    async claim(db, ids) {
      const rows = await db.$queryRaw<
        { id: string; source: string; bodyEncrypted: Uint8Array; receivedAt: Date }[]
      >`
        SELECT id, source, body_encrypted AS "bodyEncrypted", received_at AS "receivedAt"
        FROM inbox_events
        WHERE id = ANY (${ids}::uuid[]) AND applied_at IS NULL
        ORDER BY received_at, id
        FOR UPDATE SKIP LOCKED`;
      return rows.map(({ bodyEncrypted, ...row }) => ({
        ...row,
        body: unseal(key, bodyEncrypted, row.id).toString(),
      }));
    },
  };
}

/** Marks claimed events as applied, with what came of them. */
export async function markApplied(
  db: Db,
  results: readonly { id: string; result: string }[],
  at: Date,
): Promise<void> {
  if (results.length === 0) return;
  await db.$executeRaw`
    UPDATE inbox_events e SET applied_at = ${at}, wake_at = NULL, result = x.result
    FROM jsonb_to_recordset(${jsonRows(results)}::jsonb) AS x(id uuid, result text)
    WHERE e.id = x.id`;
}

/** Takes a source's events whose `wake_at` has come and pushes it forward; returns their ids, oldest first. */
export async function takeDueEvents(db: Db, source: string, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE inbox_events
    SET ${pushWakeUp(now)}
    WHERE id IN (
      SELECT id FROM inbox_events WHERE source = ${source} AND wake_at <= ${now} ORDER BY wake_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id).toSorted();
}
