import { unseal } from '@tollgate/shared/encryption/seal.ts';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { type MessageView, viewMessage } from './message-view.ts';

export type FindMessageDeps = { prisma: PrismaClient; dataKeys: DataKeys };

/** One of the caller's messages with its timeline; null when the caller has none with that id. */
export async function findMessage(
  { prisma, dataKeys }: FindMessageDeps,
  caller: Caller,
  messageId: string,
): Promise<MessageView | null> {
  const found = await withTenant(prisma, caller.tenantId, async (db) => {
    const row = await db.message.findUnique({
      where: { id: messageId },
      include: { attempts: { include: { reports: true }, orderBy: { number: 'asc' } } },
    });
    return row && { row, charged: await isCharged(db, messageId) };
  });
  if (!found) return null;
  const key = dataKeys.open(caller.tenantId, caller.dataKeyWrapped);
  const body = unseal(key, found.row.bodyEncrypted, found.row.id).toString();
  return viewMessage(found.row, body, found.charged);
}

/** Whether the price was taken and not given back. Literal kinds, because the indexes are partial. */
async function isCharged(db: Db, messageId: string): Promise<boolean> {
  const [row] = await db.$queryRaw<[{ charged: boolean }]>`
    SELECT EXISTS (SELECT 1 FROM ledger_entries WHERE kind = 'sms_send' AND message_id = ${messageId}::uuid)
       AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE kind = 'refund' AND message_id = ${messageId}::uuid) AS charged`;
  return row.charged;
}
