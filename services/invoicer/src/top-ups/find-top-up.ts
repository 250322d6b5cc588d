import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';

/** The top-up that an object of Stripe is about, by what it carries or by its id; null where it is not about one. */
export async function findTopUp(
  db: Db,
  object: {
    metadata?: Record<string, string> | null;
    sessionId?: string | undefined;
    paymentIntentId?: string | undefined;
  },
): Promise<TopUpRow | null> {
  const { metadata, sessionId, paymentIntentId } = object;
  const named = fromPublicId('top', metadata?.top_up_id ?? '');
  const found = await db.topUp.findFirst({
    where: {
      OR: [
        ...(named === null ? [] : [{ id: named }]),
        ...(sessionId === undefined ? [] : [{ sessionId }]),
        ...(paymentIntentId === undefined ? [] : [{ paymentIntentId }]),
      ],
    },
  });
  return found as TopUpRow | null;
}
