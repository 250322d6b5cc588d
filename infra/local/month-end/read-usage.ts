import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import type { MessageUsage } from './judge-usage.ts';

/** What was metered of each message. The ids are public ones; one that names no message has no usage. */
export async function readUsage(db: Db, publicIds: readonly string[]): Promise<MessageUsage[]> {
  const sourceIds = publicIds.map((id) => fromPublicId('msg', id) ?? '');
  const events = await db.usageEvent.findMany({
    where: { meter: SMS_METER, sourceId: { in: sourceIds } },
    select: { sourceId: true, rollupId: true },
  });
  return publicIds.map((messageId, index) => {
    const own = events.filter(({ sourceId }) => sourceId === sourceIds[index]);
    return { messageId, events: own.length, counted: own.filter(({ rollupId }) => rollupId !== null).length };
  });
}
