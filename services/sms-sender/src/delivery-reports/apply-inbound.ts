import { findAttemptOwners } from '@tollgate/shared/messages/attempts.ts';
import { isStopWord } from '@tollgate/shared/opt-outs/is-stop-word.ts';
import { storeOptOuts } from '@tollgate/shared/opt-outs/opt-outs.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { InboundMessage } from '../providers/sms-provider.ts';

/**
 * Applies what people answered: a stop word opts its sender out of the tenant whose message it replies
 * to, and of no other. Returns how many asked for it.
 */
export async function applyInbound(db: Db, inbound: readonly InboundMessage[], now: Date): Promise<number> {
  const stops = inbound.filter(({ body }) => isStopWord(body));
  const owners = await findAttemptOwners(
    db,
    stops.flatMap(({ attemptId }) => attemptId ?? []),
  );
  const optOuts = stops.flatMap(({ attemptId, from }) => {
    const tenantId = attemptId === null ? undefined : owners.get(attemptId)?.tenantId;
    return tenantId === undefined ? [] : [{ tenantId, recipient: from, source: 'reply' as const }];
  });
  await storeOptOuts(db, optOuts, now);
  return optOuts.length;
}
