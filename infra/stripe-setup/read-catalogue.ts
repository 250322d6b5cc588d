import { minorUnits } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';

export type PlanPriceOffer = {
  planId: string;
  planName: string;
  currency: string;
  interval: 'monthly' | 'yearly';
  amountMicros: bigint;
};

/** What is sold through Stripe, as this installation's own lists have it at an instant. */
export type Catalogue = {
  planPrices: PlanPriceOffer[];
  /** Of a segment to anywhere: one per currency. */
  smsPrices: { currency: string; unitPriceMicros: bigint }[];
  /** Those that are sums: Stripe's meters know no highest value. */
  meters: { id: string; name: string }[];
};

/** Reads the catalogue. A plan that costs nothing is not sold. */
export async function readCatalogue(db: Db, at: Date): Promise<Catalogue> {
  const holding = { validFrom: { lte: at }, OR: [{ validUntil: null }, { validUntil: { gt: at } }] };
  const newestFirst = { orderBy: { validFrom: 'desc' } } as const;
  const planRows = await db.planPrice.findMany({ where: holding, include: { plan: true }, ...newestFirst });
  const smsRows = await db.smsPrice.findMany({
    where: { ...holding, country: null, planId: null, tenantId: null, per: 'segment' },
    ...newestFirst,
  });
  const meters = await db.meter.findMany({ where: { aggregation: 'sum' }, orderBy: { id: 'asc' } });
  const planPrices = firstBy(
    planRows,
    ({ planId, currency, interval }) => `${planId} ${interval} ${currency}`,
  )
    .filter(({ amountMicros }) => amountMicros > 0n)
    .map(({ planId, plan, currency, interval, amountMicros }) => ({
      planId,
      planName: plan.name,
      currency,
      interval: interval as 'monthly' | 'yearly',
      amountMicros,
    }));
  return {
    planPrices: sorted(planPrices, ({ planId, interval, currency }) => `${planId} ${interval} ${currency}`),
    smsPrices: sorted(
      firstBy(smsRows, ({ currency }) => currency),
      ({ currency }) => currency,
    ).map(({ currency, unitPriceMicros }) => ({ currency, unitPriceMicros })),
    meters: meters.map(({ id, name }) => ({ id, name })),
  };
}

/** Micros as Stripe writes unit amounts: minor units with as many decimals as they need. */
export function minorDecimal(micros: bigint, currency: string): string {
  const scale = 6 - minorUnits(currency);
  const divisor = 10n ** BigInt(scale);
  const fraction = (micros % divisor).toString().padStart(scale, '0').replace(/0+$/, '');
  return `${micros / divisor}${fraction === '' ? '' : `.${fraction}`}`;
}

function firstBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const first = new Map<string, Row>();
  for (const row of rows) if (!first.has(keyOf(row))) first.set(keyOf(row), row);
  return [...first.values()];
}

function sorted<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
