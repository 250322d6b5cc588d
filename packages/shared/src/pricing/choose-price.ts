import type { Currency, Micros } from '../money/money.ts';

/** A row of the price list. Null means any: any country, any plan, any tenant. */
export type PriceRow = {
  id: string;
  currency: Currency;
  /** ISO 3166-1 alpha-2 of the recipient's number. */
  country: string | null;
  planId: string | null;
  tenantId: string | null;
  per: 'segment' | 'message';
  unitPriceMicros: Micros;
  /** The first instant at which the price holds. */
  validFrom: Date;
  /** The first instant at which it no longer does, or null while it has no end. */
  validUntil: Date | null;
};

export type PriceQuery = {
  tenantId: string;
  planId: string | null;
  currency: Currency;
  country: string;
  at: Date;
};

/**
 * The price that holds for the query, or null when the list has none. A tenant's own price beats its
 * plan's, which beats the general one; within each, the country's beats that of any country; then the
 * one that began last, and of two that began together the one with the greater id (made later).
 */
export function choosePrice(rows: readonly PriceRow[], query: PriceQuery): PriceRow | null {
  const holding = rows.filter((row) => appliesTo(row, query) && holdsAt(row, query.at));
  return holding.reduce<PriceRow | null>((best, row) => (best && beats(best, row) ? best : row), null);
}

function appliesTo(row: PriceRow, query: PriceQuery): boolean {
  return (
    row.currency === query.currency &&
    (row.tenantId === null || row.tenantId === query.tenantId) &&
    (row.planId === null || row.planId === query.planId) &&
    (row.country === null || row.country === query.country)
  );
}

function holdsAt(row: PriceRow, at: Date): boolean {
  return row.validFrom <= at && (row.validUntil === null || row.validUntil > at);
}

function beats(row: PriceRow, other: PriceRow): boolean {
  const difference =
    specificity(row) - specificity(other) || row.validFrom.getTime() - other.validFrom.getTime();
  return difference === 0 ? row.id > other.id : difference > 0;
}

function specificity(row: PriceRow): number {
  const owner = row.tenantId !== null ? 2 : row.planId !== null ? 1 : 0;
  return 2 * owner + (row.country !== null ? 1 : 0);
}
