import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

export type NewOptOut = {
  tenantId: string;
  /** E.164 */
  recipient: string;
  source: 'reply' | 'operator' | 'tenant';
};

/** Stores that recipients want nothing more from a tenant; who said so before is left as it is. Returns how many are new. */
export function storeOptOuts(db: Db, optOuts: readonly NewOptOut[], at: Date): Promise<number> {
  if (optOuts.length === 0) return Promise.resolve(0);
  return db.$executeRaw`
    INSERT INTO opt_outs (tenant_id, recipient, source, created_at)
    SELECT DISTINCT ON ("tenantId", recipient) "tenantId", recipient, source, ${at}
    FROM jsonb_to_recordset(${jsonRows(optOuts)}::jsonb) AS o("tenantId" uuid, recipient text, source text)
    ORDER BY "tenantId", recipient
    ON CONFLICT (tenant_id, recipient) DO NOTHING`;
}

/** Lets a tenant write to a recipient again; returns whether it was opted out. */
export async function removeOptOut(db: Db, tenantId: string, recipient: string): Promise<boolean> {
  const { count } = await db.optOut.deleteMany({ where: { tenantId, recipient } });
  return count > 0;
}
