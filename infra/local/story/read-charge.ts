import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Charge } from './judge-story.ts';

/**
 * What the ledger says of a message. Asked of the database and not of the API: the proof must not come from what is
 * to be proved. Null for an id that names no message.
 */
export async function readCharge(db: Db, publicId: string): Promise<Charge | null> {
  const messageId = fromPublicId('msg', publicId);
  if (messageId === null) return null;
  const message = await db.message.findUnique({ where: { id: messageId }, select: { priceMicros: true } });
  const entries = await db.ledgerEntry.findMany({ where: { messageId }, orderBy: { sequence: 'asc' } });
  return message && { ...message, entriesMicros: entries.map(({ amountMicros }) => amountMicros) };
}
