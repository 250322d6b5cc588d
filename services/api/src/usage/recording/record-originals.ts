import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { listMeterPrices } from '@tollgate/shared/usage/list-meter-prices.ts';
import { findDayStarts } from '@tollgate/shared/usage/local-days.ts';
import type { Meter } from '@tollgate/shared/usage/meters.ts';
import { priceUsage } from '@tollgate/shared/usage/price-usage.ts';
import { type FittingItem, refuse, wrongField } from './prepare-usage.ts';
import { type PricedItem, storeItems } from './store-items.ts';

export type RecordContext = { caller: Caller; meters: ReadonlyMap<string, Meter>; now: Date };

/** Nothing that is used at once costs as much: beyond it something was counted in another unit. */
const AMOUNT_MICROS_MAX = 100_000_000_000_000n;

/** Records events that correct nothing, and settles each. */
export async function recordOriginals(db: Db, items: FittingItem[], context: RecordContext): Promise<void> {
  if (items.length === 0) return;
  const { tenantId } = context.caller;
  const instants = items.map(({ occurredAt }) => occurredAt);
  const dayStarts = await findDayStarts(db, tenantId, instants);
  const times = [...dayStarts, ...instants].map((instant) => instant.getTime());
  const prices = await listMeterPrices(db, {
    meters: [...new Set(items.map(({ wish }) => wish.meter))],
    tenantIds: [tenantId],
    from: new Date(Math.min(...times)),
    to: new Date(Math.max(...times)),
  });
  const priced = items.map((item, place) => {
    const dayStartsAt = dayStarts[place] as Date;
    const usage = { quantity: BigInt(item.wish.quantity), occurredAt: item.occurredAt, dayStartsAt };
    const meter = context.meters.get(item.wish.meter) as Meter;
    return {
      item,
      event: { ...toEvent(item, context), ...priceUsage(prices, meter, context.caller, usage) },
    };
  });
  await storeItems(db, priced.filter(isAffordable), context);
}

function isAffordable({ item, event }: PricedItem): boolean {
  if (event.quantity * event.unitPriceMicros <= AMOUNT_MICROS_MAX) return true;
  refuse(item, wrongField('quantity', 'comes to more than one event may cost'));
  return false;
}

function toEvent({ id, wish, occurredAt }: FittingItem, { caller }: RecordContext) {
  return {
    id,
    tenantId: caller.tenantId,
    meter: wish.meter,
    sourceId: wish.key,
    correctsSourceId: null,
    quantity: BigInt(wish.quantity),
    currency: caller.currency,
    country: '',
    campaign: wish.campaign ?? null,
    userId: wish.user ?? null,
    resource: wish.resource ?? null,
    metadata: wish.metadata ?? null,
    occurredAt,
  };
}
