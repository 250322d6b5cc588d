import type { Currency, Micros } from '../money/money.ts';

/** A row of the meters' price list. Null means any: any plan, any tenant. */
export type MeterPriceRow = {
  id: string;
  meter: string;
  currency: Currency;
  planId: string | null;
  tenantId: string | null;
  unitPriceMicros: Micros;
  /** The first instant at which the price holds. */
  validFrom: Date;
  /** The first instant at which it no longer does, or null while it has no end. */
  validUntil: Date | null;
};

export type MeterPriceQuery = {
  tenantId: string;
  planId: string;
  meter: string;
  currency: Currency;
  at: Date;
};

/**
 * The price that holds for the query, or null where usage is counted only. A tenant's own price beats
 * its plan's, which beats the general one; then the one that began last, and of two that began together
 * the one with the greater id (made later).
 */
export function chooseMeterPrice(
  rows: readonly MeterPriceRow[],
  query: MeterPriceQuery,
): MeterPriceRow | null {
  const holding = rows.filter((row) => appliesTo(row, query) && holdsAt(row, query.at));
  return holding.reduce<MeterPriceRow | null>((best, row) => (best && beats(best, row) ? best : row), null);
}

function appliesTo(row: MeterPriceRow, query: MeterPriceQuery): boolean {
  return (
    row.meter === query.meter &&
    row.currency === query.currency &&
    (row.tenantId === null || row.tenantId === query.tenantId) &&
    (row.planId === null || row.planId === query.planId)
  );
}

function holdsAt(row: MeterPriceRow, at: Date): boolean {
  return row.validFrom <= at && (row.validUntil === null || row.validUntil > at);
}

function beats(row: MeterPriceRow, other: MeterPriceRow): boolean {
  const difference =
    specificity(row) - specificity(other) || row.validFrom.getTime() - other.validFrom.getTime();
  return difference === 0 ? row.id > other.id : difference > 0;
}

function specificity(row: MeterPriceRow): number {
  return row.tenantId !== null ? 2 : row.planId !== null ? 1 : 0;
}
