import { newId } from '../ids/ids.ts';
import { decidePriceChange, endWithout, type PriceEnd, type PriceSpan } from './decide-price-change.ts';

type ListedPrice = PriceSpan & PriceEnd;

/** The table of a price list, in a transaction that holds the list's lock. */
export type PriceTable<Row extends ListedPrice, Values> = {
  create(query: { data: Values & { id: string } }): PromiseLike<Row>;
  findUnique(query: { where: { id: string } }): PromiseLike<Row | null>;
  findMany(query: { where: { endedByPriceId: string } }): PromiseLike<Row[]>;
  update(query: { where: { id: string }; data: PriceEnd }): PromiseLike<unknown>;
  delete(query: { where: { id: string } }): PromiseLike<unknown>;
};

export type ListedChange<Row> = { kind: 'added'; price: Row } | { kind: 'overlaps'; with: Row };

/**
 * Adds a price among those of its scope, and notes on each that it ends what that one held until before.
 * Returns the price that stands in the way where one does.
 */
export async function addToPriceList<Row extends ListedPrice, Values extends Omit<PriceSpan, 'id'>>(
  table: PriceTable<Row, Values>,
  standing: readonly Row[],
  values: Values,
): Promise<ListedChange<Row>> {
  const decided = decidePriceChange(standing, values);
  if (decided.kind === 'overlaps') {
    return { kind: 'overlaps', with: standing.find(({ id }) => id === decided.id) as Row };
  }
  const price = await table.create({ data: { id: newId(), ...values } });
  for (const { id, validUntil } of standing.filter((row) => decided.ends.includes(row.id))) {
    const data = { validUntil: price.validFrom, endedByPriceId: price.id, formerValidUntil: validUntil };
    await table.update({ where: { id }, data });
  }
  return { kind: 'added', price };
}

/**
 * Removes a price that has not begun; those that it would have ended hold as they would have without it.
 * Returns whether it was there and had not begun.
 */
export async function removeFromPriceList<Row extends ListedPrice>(
  table: Omit<PriceTable<Row, never>, 'create'>,
  id: string,
  now: Date,
): Promise<boolean> {
  const price = await table.findUnique({ where: { id } });
  if (!price || price.validFrom <= now) return false;
  for (const ended of await table.findMany({ where: { endedByPriceId: id } })) {
    await table.update({ where: { id: ended.id }, data: endWithout(price, ended) });
  }
  await table.delete({ where: { id } });
  return true;
}
