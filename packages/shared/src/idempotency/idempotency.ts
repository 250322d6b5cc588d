import { createHash } from 'node:crypto';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

/** The caller's key for a write, with the hash of what was asked for. */
export type IdempotencyRef = { tenantId: string; key: string; requestHash: string };

export type StoredAnswer = { tenantId: string; key: string; requestHash: string; response: unknown };

/** SHA-256 of a request in a form in which the order of its fields does not matter. */
export function hashRequest(request: object): string {
  const canonical = JSON.stringify(request, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('hex');
}

/** The answers that were given under these keys before. */
export function findAnswers(db: Db, refs: readonly IdempotencyRef[]): Promise<StoredAnswer[]> {
  if (refs.length === 0) return Promise.resolve([]);
  return db.$queryRaw<StoredAnswer[]>`
    SELECT i.tenant_id AS "tenantId", i.key, encode(i.request_hash, 'hex') AS "requestHash", i.response
    FROM idempotency_keys i
    JOIN jsonb_to_recordset(${jsonRows(refs)}::jsonb) AS ref("tenantId" uuid, key text)
      ON i.tenant_id = ref."tenantId" AND i.key = ref.key`;
}

export type NewAnswer = IdempotencyRef & { resourceId: string; response: object };

/**
 * Stores answers with the effects they describe, in the caller's transaction. Returns the resource
 * ids of those that were first; a key that another transaction is using right now is waited for.
 * Inserted in key order, so that two batches with the same keys wait for each other and never cross.
 */
export async function storeAnswers(db: Db, answers: readonly NewAnswer[], at: Date): Promise<Set<string>> {
  if (answers.length === 0) return new Set();
  const rows = await db.$queryRaw<{ resourceId: string }[]>`
    INSERT INTO idempotency_keys (tenant_id, key, request_hash, resource_id, response, created_at)
    SELECT "tenantId", key, decode("requestHash", 'hex'), "resourceId", response, ${at}
    FROM jsonb_to_recordset(${jsonRows(answers)}::jsonb) AS a(
      "tenantId" uuid, key text, "requestHash" text, "resourceId" uuid, response jsonb)
    ORDER BY "tenantId", key
    ON CONFLICT (tenant_id, key) DO NOTHING
    RETURNING resource_id AS "resourceId"`;
  return new Set(rows.map(({ resourceId }) => resourceId));
}

/** Takes back answers whose effects turned out not to happen, before the transaction commits. */
export async function withdrawAnswers(db: Db, refs: readonly IdempotencyRef[]): Promise<void> {
  if (refs.length === 0) return;
  await db.$executeRaw`
    DELETE FROM idempotency_keys i
    USING jsonb_to_recordset(${jsonRows(refs)}::jsonb) AS ref("tenantId" uuid, key text)
    WHERE i.tenant_id = ref."tenantId" AND i.key = ref.key`;
}

/** Completes an answer that was stored before all of it was known, in the same transaction. */
export async function completeAnswer(
  db: Db,
  { tenantId, key }: IdempotencyRef,
  response: object,
): Promise<void> {
  await db.$executeRaw`
    UPDATE idempotency_keys SET response = ${JSON.stringify(response)}::jsonb
    WHERE tenant_id = ${tenantId}::uuid AND key = ${key}`;
}

/**
 * Holds the key until the transaction ends; false when another transaction holds it, so that who asks
 * twice at once need not wait for a long piece of work.
 */
export async function holdKey(db: Db, { tenantId, key }: IdempotencyRef): Promise<boolean> {
  const rows = await db.$queryRaw<{ held: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`idempotency ${tenantId} ${key}`}, 0)) AS held`;
  return rows[0]?.held ?? false;
}
