import { isDeepStrictEqual } from 'node:util';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { findRecordedUsage, type RecordedUsage } from '@tollgate/shared/usage/corrections.ts';
import { insertNewUsage, type RepeatableUsageEvent } from '@tollgate/shared/usage/insert-new-usage.ts';
import { Problem } from '../../problems/problem.ts';
import { type FittingItem, refuse, settle } from './prepare-usage.ts';
import type { UsageEventRequest } from './usage-request.ts';

export type PricedItem = { item: FittingItem; event: RepeatableUsageEvent };

/** Writes events whose keys are new, and settles each: recorded, repeated, or its key used for another. */
export async function storeItems(
  db: Db,
  priced: readonly PricedItem[],
  { caller, now }: { caller: { tenantId: string }; now: Date },
): Promise<void> {
  const inserted = await insertNewUsage(
    db,
    priced.map(({ event }) => event),
    now,
  );
  const known: FittingItem[] = [];
  for (const { item } of priced) {
    if (inserted.has(item.id)) settle(item, 'recorded', item.id);
    else known.push(item);
  }
  await settleKnown(db, known, caller.tenantId);
}

/** Settles events whose keys were used before; returns those whose keys were not. */
export async function settleKnown(
  db: Db,
  items: readonly FittingItem[],
  tenantId: string,
): Promise<FittingItem[]> {
  const recorded = await findRecordedUsage(
    db,
    tenantId,
    items.map(({ wish }) => ({ meter: wish.meter, sourceId: wish.key })),
  );
  const byKey = new Map(recorded.map((event) => [keyOf(event), event]));
  return items.filter((item) => {
    const { meter, key: sourceId } = item.wish;
    const before = byKey.get(keyOf({ meter, sourceId }));
    if (!before) return true;
    if (isSame(item.wish, before)) settle(item, 'repeated', before.id);
    else refuse(item, keyUsedBefore(sourceId, meter));
    return false;
  });
}

/** Names an event among those of its tenant. */
export function keyOf({ meter, sourceId }: { meter: string; sourceId: string }): string {
  return `${meter} ${sourceId}`;
}

/** Whether the wish says of the event what was recorded. What it leaves out was filled in then. */
function isSame(wish: UsageEventRequest, before: RecordedUsage): boolean {
  if (BigInt(wish.quantity) !== before.quantity || (wish.corrects ?? null) !== before.correctsSourceId) {
    return false;
  }
  if (!isDeepStrictEqual(wish.metadata ?? null, before.metadata)) return false;
  if (wish.corrects !== undefined) return true;
  const { user = null, resource = null, campaign = null, occurredAt } = wish;
  return (
    user === before.userId &&
    resource === before.resource &&
    campaign === before.campaign &&
    (occurredAt === undefined || new Date(occurredAt).getTime() === before.occurredAt.getTime())
  );
}

function keyUsedBefore(key: string, meter: string): Problem {
  return new Problem(
    'idempotency_conflict',
    `the key ${key} of ${meter} was used for an event of another content`,
  );
}
