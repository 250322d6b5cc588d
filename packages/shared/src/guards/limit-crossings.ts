import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { Crossing } from './decide-crossings.ts';

/** A crossing as it is stored. */
export type StoredCrossing = Crossing & { id: string };

/** Stores crossings, each once per window, line and limit; returns those that were new. */
export async function storeCrossings(
  db: Db,
  crossings: readonly Crossing[],
  at: Date,
): Promise<StoredCrossing[]> {
  if (crossings.length === 0) return [];
  const rows = crossings.map((crossing) => ({ id: newId(), ...crossing }));
  const stored = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO limit_crossings (id, tenant_id, guard, subject, window_label, line, unit, limit_value, crossed_at)
    SELECT id, "tenantId", guard, subject, "window", line, unit, "limitValue", ${at}
    FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS c(id uuid, "tenantId" uuid, guard text, subject text, "window" text,
      line int, unit text, "limitValue" bigint)
    ORDER BY "tenantId", guard, subject, "window", line
    ON CONFLICT (tenant_id, guard, subject, window_label, line, unit, limit_value) DO NOTHING
    RETURNING id`;
  const ids = new Set(stored.map(({ id }) => id));
  return rows.filter(({ id }) => ids.has(id));
}
