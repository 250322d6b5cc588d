import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { Counted } from './fit-within-guards.ts';
import { type GuardWindow, windowKey } from './guard-windows.ts';

export type WindowCount = GuardWindow & Counted;

type StoredCount = Omit<WindowCount, 'endsAt'>;

/** What the windows count so far, by their keys; the caller holds the tenants' account locks. */
export async function readCounts(
  db: Db,
  windows: readonly Omit<GuardWindow, 'endsAt'>[],
): Promise<Map<string, Counted>> {
  if (windows.length === 0) return new Map();
  const rows = await db.$queryRaw<StoredCount[]>`
    SELECT c.tenant_id AS "tenantId", c.guard, c.subject, c.window_label AS "window", c.segments,
           c.amount_micros AS "amountMicros"
    FROM jsonb_to_recordset(${jsonRows(windows)}::jsonb) AS w("tenantId" uuid, guard text, subject text, "window" text)
    JOIN guard_counters c ON c.tenant_id = w."tenantId" AND c.guard = w.guard AND c.subject = w.subject
      AND c.window_label = w."window"`;
  return new Map(rows.map((row) => [windowKey(row), row]));
}

/** Adds to the windows; returns what each counts now, by its key. The caller holds the tenants' account locks. */
export async function addCounts(db: Db, added: readonly WindowCount[]): Promise<Map<string, Counted>> {
  if (added.length === 0) return new Map();
  const rows = await db.$queryRaw<StoredCount[]>`
    INSERT INTO guard_counters AS c (tenant_id, guard, subject, window_label, ends_at, segments, amount_micros)
    SELECT "tenantId", guard, subject, "window", "endsAt", segments, "amountMicros"
    FROM jsonb_to_recordset(${jsonRows(added)}::jsonb) AS a("tenantId" uuid, guard text, subject text, "window" text,
      "endsAt" timestamptz, segments bigint, "amountMicros" bigint)
    ORDER BY "tenantId", guard, subject, "window"
    ON CONFLICT (tenant_id, guard, subject, window_label) DO UPDATE
    SET segments = c.segments + EXCLUDED.segments, amount_micros = c.amount_micros + EXCLUDED.amount_micros
    RETURNING tenant_id AS "tenantId", guard, subject, window_label AS "window", segments, amount_micros AS "amountMicros"`;
  return new Map(rows.map((row) => [windowKey(row), row]));
}

/** Takes from windows what they counted; the caller holds the tenants' account locks. */
export async function subtractCounts(db: Db, taken: readonly WindowCount[]): Promise<void> {
  if (taken.length === 0) return;
  await db.$executeRaw`
    UPDATE guard_counters c
    SET segments = greatest(0, c.segments - t.segments), amount_micros = greatest(0, c.amount_micros - t."amountMicros")
    FROM jsonb_to_recordset(${jsonRows(taken)}::jsonb) AS t("tenantId" uuid, guard text, subject text, "window" text,
      segments bigint, "amountMicros" bigint)
    WHERE c.tenant_id = t."tenantId" AND c.guard = t.guard AND c.subject = t.subject AND c.window_label = t."window"`;
}

/** Forgets windows that ended before the instant; returns how many, at most `limit`. */
export function forgetCounts(db: Db, endedBefore: Date, limit: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM guard_counters WHERE (tenant_id, guard, subject, window_label) IN (
      SELECT tenant_id, guard, subject, window_label FROM guard_counters WHERE ends_at < ${endedBefore}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
}
