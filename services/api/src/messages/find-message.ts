import { isCharged, readMessageEntries } from '@tollgate/shared/credit/message-entries.ts';
import { unseal } from '@tollgate/shared/encryption/seal.ts';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
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
    return row && { row, charged: isCharged(await readMessageEntries(db, [messageId])) };
  });
  if (!found) return null;
  const key = dataKeys.open(caller.tenantId, caller.dataKeyWrapped);
  const body = unseal(key, found.row.bodyEncrypted, found.row.id).toString();
  return viewMessage(found.row, body, found.charged);
}
