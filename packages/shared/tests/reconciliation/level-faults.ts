import { newId } from '../../src/ids/ids.ts';
import type { Books } from './correct-books.ts';
import { lookedAt } from './correct-books.ts';
import type { Fault } from './fault.ts';

/** Storage of a day that was read at 70 and 90, counted by one roll-up that nobody has billed yet; its id. */
async function keepStorage({ corrupt, tenant }: Books): Promise<string> {
  const rollupId = newId();
  await corrupt(
    `INSERT INTO usage_rollups (id, tenant_id, day, meter, country, currency, unit_price_micros, event_count, quantity, amount_micros)
     VALUES ($1, $2, '2026-04-01', 'storage_used_mb', '', 'CZK', 10000, 2, 90, 900000)`,
    [rollupId, tenant.id],
  );
  for (const quantity of [70, 90]) {
    await corrupt(
      `INSERT INTO usage_events (id, tenant_id, meter, source_id, quantity, currency, unit_price_micros, amount_micros,
                                 occurred_at, recorded_at, rollup_id)
       VALUES ($1, $2, 'storage_used_mb', $3, $4, 'CZK', 10000, 0, $5, $5, $6)`,
      [newId(), tenant.id, `read at ${quantity}`, quantity, lookedAt, rollupId],
    );
  }
  return rollupId;
}

/** Takes back of a reading as if it had been recorded by the API; the correction's id. */
async function correct(books: Books, corrects: string, quantity: number, rollupId: string): Promise<string> {
  const id = newId();
  await books.corrupt(
    `INSERT INTO usage_events (id, tenant_id, meter, source_id, corrects_source_id, quantity, currency, unit_price_micros,
                               amount_micros, occurred_at, recorded_at, rollup_id)
     VALUES ($1, $2, 'storage_used_mb', $3, $4, $5, 'CZK', 10000, 0, $6, $6, $7)`,
    [id, books.tenant.id, id, corrects, quantity, lookedAt, rollupId],
  );
  await books.corrupt('UPDATE usage_rollups SET event_count = event_count + 1 WHERE id = $1', [rollupId]);
  return id;
}

export const levelFaults: readonly Fault[] = [
  {
    check: 'levels-are-counted-by-day',
    what: 'readings of a level that were added up',
    async make(books) {
      const id = await keepStorage(books);
      await books.corrupt('UPDATE usage_rollups SET quantity = 160, amount_micros = 1600000 WHERE id = $1', [
        id,
      ]);
      return id;
    },
  },
  {
    check: 'levels-are-counted-by-day',
    what: 'a day of a level at another price than its own',
    async make(books) {
      const id = await keepStorage(books);
      await books.corrupt('UPDATE usage_rollups SET amount_micros = amount_micros + 1 WHERE id = $1', [id]);
      return id;
    },
  },
  {
    check: 'roll-ups-are-sums-of-events',
    what: 'a level whose roll-up counts an event too many',
    async make(books) {
      const id = await keepStorage(books);
      await books.corrupt('UPDATE usage_rollups SET event_count = event_count + 1 WHERE id = $1', [id]);
      return id;
    },
  },
  {
    check: 'corrections-fit-their-events',
    what: 'a correction that takes back more than was counted',
    async make(books) {
      return correct(books, 'read at 70', -71, await keepStorage(books));
    },
  },
  {
    check: 'corrections-fit-their-events',
    what: 'a correction of nothing',
    async make(books) {
      return correct(books, 'never read', 1, await keepStorage(books));
    },
  },
];
