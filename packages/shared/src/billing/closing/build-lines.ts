import { formatMicros } from '../../money/money.ts';
import { SMS_METER } from '../../usage/message-usage.ts';
import type { InvoiceLine } from '../invoices.ts';
import type { StampedRollup } from '../rollups.ts';
import { isFeeMeter } from './fee-days.ts';

export type RollupLines = {
  rollups: readonly StampedRollup[];
  /** First local day of the period, YYYY-MM-DD: usage of earlier days is late. */
  firstDay: string;
  currency: string;
  /** What people call the meters, fees and plans; the meter itself where it has no name here. */
  meterNames: ReadonlyMap<string, string>;
};

/**
 * One line per meter, country and unit price, or per fee, usage of earlier periods apart and labelled.
 * They add up to what the roll-ups come to, exactly.
 */
export function buildLines({ rollups, firstDay, ...naming }: RollupLines): InvoiceLine[] {
  const groups = new Map<string, { late: boolean; rollups: StampedRollup[] }>();
  for (const rollup of rollups.filter(isPriced)) {
    const late = rollup.day < firstDay;
    // The days of a month do not all have the same share of its price; they are one line all the same.
    const unitPrice = isFeeMeter(rollup.meter) ? '' : rollup.unitPriceMicros;
    const key = [late, rollup.meter, rollup.country, unitPrice].join(' ');
    const group = groups.get(key) ?? { late, rollups: [] };
    group.rollups.push(rollup);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => {
    const [{ meter }] = group.rollups as [StampedRollup];
    return isFeeMeter(meter) ? feeLine(group, naming) : usageLine(group, naming);
  });
}

/** What has no price is counted only; an SMS that is free is still told. */
export function isPriced({
  meter,
  unitPriceMicros,
  amountMicros,
}: Pick<StampedRollup, 'meter' | 'unitPriceMicros' | 'amountMicros'>): boolean {
  return unitPriceMicros !== 0n || amountMicros !== 0n || meter === SMS_METER;
}

type Group = { late: boolean; rollups: readonly StampedRollup[] };
type Naming = Pick<RollupLines, 'currency' | 'meterNames'>;

function usageLine({ late, rollups }: Group, { currency, meterNames }: Naming): InvoiceLine {
  const [first] = rollups as [StampedRollup];
  const { meter, country, unitPriceMicros } = first;
  const isSms = meter === SMS_METER;
  const what = isSms ? 'SMS' : (meterNames.get(meter) ?? meter);
  const where = country === '' ? '' : ` to ${country}`;
  const when = late ? `, late from ${first.day}` : '';
  const kind = isSms ? 'usage' : 'charge';
  return {
    kind: late ? `late_${kind}` : kind,
    meter,
    country,
    unitPriceMicros,
    ...sumOf(rollups),
    description: `${what}${where} at ${formatMicros(unitPriceMicros)} ${currency}${when}`,
  };
}

/** Quantity is the number of days. The unit price is that of a day where all days have the same. */
function feeLine({ late, rollups }: Group, { meterNames }: Naming): InvoiceLine {
  const [first] = rollups as [StampedRollup];
  const last = rollups.at(-1) ?? first;
  const prices = new Set(rollups.map(({ unitPriceMicros }) => unitPriceMicros));
  const sum = sumOf(rollups);
  const days = first.day === last.day ? first.day : `${first.day} to ${last.day}`;
  const count = sum.quantity === 1n ? '' : ` (${sum.quantity} days)`;
  return {
    kind: late ? 'late_charge' : 'charge',
    meter: first.meter,
    country: '',
    unitPriceMicros: prices.size === 1 ? first.unitPriceMicros : 0n,
    ...sum,
    description: `${meterNames.get(first.meter) ?? first.meter}, ${days}${count}${late ? ', late' : ''}`,
  };
}

function sumOf(rollups: readonly StampedRollup[]): { quantity: bigint; amountMicros: bigint } {
  return {
    quantity: rollups.reduce((sum, { quantity }) => sum + quantity, 0n),
    amountMicros: rollups.reduce((sum, { amountMicros }) => sum + amountMicros, 0n),
  };
}
