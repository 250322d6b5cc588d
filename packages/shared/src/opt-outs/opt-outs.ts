import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

export type NewOptOut = {
  tenantId: string;
  /** E.164 */
  recipient: string;
  source: 'reply' | 'operator' | 'tenant';
};

/** Stores that recipients want nothing more from a tenant; who said so before is left as it is. */
export async function storeOptOuts(db: Db, optOuts: readonly NewOptOut[], at: Date): Promise<void> {
  if (optOuts.length === 0) return;
  await db.$executeRaw`
    INSERT INTO opt_outs (tenant_id, recipient, source, created_at)
    SELECT "tenantId", recipient, source, ${at}
    FROM jsonb_to_recordset(${jsonRows(optOuts)}::jsonb) AS o("tenantId" uuid, recipient text, source text)
    ORDER BY "tenantId", recipient
    ON CONFLICT (tenant_id, recipient) DO NOTHING`;
}
