import type { InvoiceLine } from '@tollgate/shared/billing/invoices.ts';
import type { StampedRollup } from '@tollgate/shared/billing/rollups.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';

export type LineSource = {
  rollups: readonly StampedRollup[];
  /** First local day of the period, YYYY-MM-DD: usage of earlier days is late. */
  firstDay: string;
  currency: string;
  usageMicros: bigint;
  owedMicros: bigint;
};

/**
 * One line per meter, country and unit price, usage of earlier periods apart and labelled, and what
 * the tenant's own credit covered. The lines add up to what is owed, exactly.
 */
export function buildLines({
  rollups,
  firstDay,
  currency,
  usageMicros,
  owedMicros,
}: LineSource): InvoiceLine[] {
  const groups = new Map<string, { late: boolean; rollups: StampedRollup[] }>();
  for (const rollup of rollups.filter(isPriced)) {
    const late = rollup.day < firstDay;
    const key = [late, rollup.meter, rollup.country, rollup.unitPriceMicros].join(' ');
    const group = groups.get(key) ?? { late, rollups: [] };
    group.rollups.push(rollup);
    groups.set(key, group);
  }
  const lines = [...groups.values()].map(({ late, rollups: own }) => usageLine(own, late, currency));
  const covered = usageMicros - owedMicros;
  return covered === 0n ? lines : [...lines, coveredLine(covered)];
}

/** What has no price is counted only; an SMS that is free is still told. */
function isPriced({ meter, unitPriceMicros, amountMicros }: StampedRollup): boolean {
  return unitPriceMicros !== 0n || amountMicros !== 0n || meter === SMS_METER;
}

function usageLine(rollups: readonly StampedRollup[], late: boolean, currency: string): InvoiceLine {
  const [first] = rollups as [StampedRollup];
  const { meter, country, unitPriceMicros } = first;
  const what = meter === SMS_METER ? 'SMS' : meter;
  const where = country === '' ? '' : ` to ${country}`;
  const when = late ? `, late from ${first.day}` : '';
  return {
    kind: late ? 'late_usage' : 'usage',
    meter,
    country,
    unitPriceMicros,
    quantity: rollups.reduce((sum, { quantity }) => sum + quantity, 0n),
    amountMicros: rollups.reduce((sum, { amountMicros }) => sum + amountMicros, 0n),
    description: `${what}${where} at ${formatMicros(unitPriceMicros)} ${currency}${when}`,
  };
}

function coveredLine(coveredMicros: bigint): InvoiceLine {
  return {
    kind: 'covered_by_credit',
    meter: '',
    country: '',
    unitPriceMicros: 0n,
    quantity: 1n,
    amountMicros: -coveredMicros,
    description: 'Covered by credit',
  };
}
