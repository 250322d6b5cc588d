import { pace } from '@tollgate/shared/guards/pace.ts';
import { moveSlot, readPlaced } from '@tollgate/shared/guards/send-paces.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { Held, Restrained, RulesByTenant } from './restrained.ts';

/** A message whose place in time is older was stopped by something else, together with many: they are spread anew. */
const PLACE_KEPT_MS = MINUTE_MS;

/**
 * Spreads a tenant's messages over time, at its rate: what has no place yet gets one, once. Priority
 * messages and retries go as they come.
 */
export async function paceMessages(
  db: Db,
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Promise<Restrained> {
  const isPaced = ({ category, attemptCount, tenantId }: ClaimableMessage) =>
    category !== 'priority' && attemptCount === 0 && rules.get(tenantId)?.ratePerSecond != null;
  const paced = messages.filter(isPaced);
  if (paced.length === 0) return { allowed: [...messages], held: [], refused: [] };
  const placed = await readPlaced(db, idsOf(paced), new Date(now.getTime() - PLACE_KEPT_MS));
  const unplaced = paced.filter(({ id }) => !placed.has(id));
  const held: Held[] = [];
  for (const [tenantId, own] of Map.groupBy(unplaced, (message) => message.tenantId)) {
    const { ratePerSecond, nextSlotAt } = rules.get(tenantId) ?? { ratePerSecond: null, nextSlotAt: null };
    if (ratePerSecond === null) continue;
    const { later, nextSlotAt: next } = pace(own, { ratePerSecond, nextSlotAt, now });
    held.push(
      ...later.map(({ message, at }): Held => ({ message, reason: 'rate', until: at, notBefore: at })),
    );
    await moveSlot(db, tenantId, next);
  }
  const heldIds = new Set(held.map(({ message }) => message.id));
  return { allowed: messages.filter(({ id }) => !heldIds.has(id)), held, refused: [] };
}

function idsOf(messages: readonly ClaimableMessage[]): string[] {
  return messages.map(({ id }) => id);
}
