import type { Db } from '@tollgate/shared/runtime/database.ts';
import {
  findRecordedUsage,
  lockCorrections,
  type RecordedUsage,
} from '@tollgate/shared/usage/corrections.ts';
import { type FittingItem, refuse, wrongField } from './prepare-usage.ts';
import type { RecordContext } from './record-originals.ts';
import { keyOf, type PricedItem, settleKnown, storeItems } from './store-items.ts';

/**
 * Records corrections, and settles each. A correction is an event of its own that is, but for its
 * quantity, what it corrects: of the same instant and at the same price. Together they never take back
 * more than was counted.
 */
export async function recordCorrections(db: Db, items: FittingItem[], context: RecordContext): Promise<void> {
  if (items.length === 0) return;
  const { tenantId } = context.caller;
  await lockCorrections(db, tenantId);
  const fresh = await settleKnown(db, items, tenantId);
  const targets = await findRecordedUsage(db, tenantId, [
    ...new Map(fresh.map((item) => [targetKey(item), targetOf(item)])).values(),
  ]);
  const byKey = new Map(targets.map((target) => [keyOf(target), target]));
  const priced: PricedItem[] = [];
  const taken = new Set<string>();
  for (const item of fresh) {
    const target = findTarget(item, byKey);
    if (!target) continue;
    // A key that comes twice in one request is stored once, and changes its target once.
    const own = keyOf({ meter: item.wish.meter, sourceId: item.wish.key });
    if (!taken.has(own)) {
      if (!fits(item, target)) continue;
      target.correctedBy += BigInt(item.wish.quantity);
      taken.add(own);
    }
    priced.push({ item, event: toCorrection(item, target, context) });
  }
  await storeItems(db, priced, context);
}

const targetOf = ({ wish }: FittingItem) => ({ meter: wish.meter, sourceId: wish.corrects ?? '' });
const targetKey = (item: FittingItem) => keyOf(targetOf(item));

/** The event that is corrected; the correction is refused where there is none. */
function findTarget(
  item: FittingItem,
  recorded: ReadonlyMap<string, RecordedUsage>,
): RecordedUsage | undefined {
  const { meter, corrects } = item.wish;
  const target = recorded.get(targetKey(item));
  if (!target) {
    refuse(item, wrongField('corrects', `there is no event ${corrects} of ${meter}`));
    return undefined;
  }
  if (target.correctsSourceId === null) return target;
  refuse(item, wrongField('corrects', `is a correction itself; name the event ${target.correctsSourceId}`));
  return undefined;
}

/** Whether no more is taken back than counts; the correction is refused where it is. */
function fits(item: FittingItem, target: RecordedUsage): boolean {
  const counted = target.quantity + target.correctedBy;
  if (counted + BigInt(item.wish.quantity) >= 0n) return true;
  refuse(item, wrongField('quantity', `takes back more than the ${counted} that ${target.sourceId} counts`));
  return false;
}

function toCorrection(
  { id, wish }: FittingItem,
  target: RecordedUsage,
  { caller, meters }: RecordContext,
): PricedItem['event'] {
  const { meter, unitPriceMicros, country, campaign, userId, resource, occurredAt } = target;
  const quantity = BigInt(wish.quantity);
  const isSummed = meters.get(meter)?.aggregation === 'sum';
  return {
    id,
    tenantId: caller.tenantId,
    meter,
    sourceId: wish.key,
    correctsSourceId: target.sourceId,
    quantity,
    currency: caller.currency,
    unitPriceMicros,
    amountMicros: isSummed ? quantity * unitPriceMicros : 0n,
    country,
    campaign,
    userId,
    resource,
    metadata: wish.metadata ?? null,
    occurredAt,
  };
}
