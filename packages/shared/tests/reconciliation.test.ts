import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { roundToMinorUnits } from '../src/money/round-to-minor-units.ts';
import type { Check } from '../src/reconciliation/check.ts';
import { checks } from '../src/reconciliation/checks.ts';
import { DISCREPANCIES_MAX, reconcile } from '../src/reconciliation/reconcile.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';
import { MINUTE_MS } from '../src/time/durations.ts';
import { invoiceFaults, periodFaults } from './reconciliation/billing-faults.ts';
import { type Books, lookedAt, openCorrectBooks } from './reconciliation/correct-books.ts';
import { creditFaults, usageFaults } from './reconciliation/credit-faults.ts';
import { levelFaults } from './reconciliation/level-faults.ts';
import { messageFaults } from './reconciliation/message-faults.ts';
import { prepaidTaxFaults } from './reconciliation/prepaid-tax-faults.ts';

const faults = [
  ...messageFaults,
  ...creditFaults,
  ...usageFaults,
  ...levelFaults,
  ...periodFaults,
  ...invoiceFaults,
  ...prepaidTaxFaults,
];

let books: Books;
beforeAll(async () => {
  books = await openCorrectBooks();
});
afterEach(async () => {
  if (await books.restore()) return;
  await books.close();
  books = await openCorrectBooks();
});
afterAll(() => books.close());

/** Everything that is found: check, subject, tenant and detail of each discrepancy. */
async function findDiscrepancies(now = lookedAt) {
  const report = await reconcile(books.prisma, now);
  const found = report.checks.flatMap(({ name, discrepancies }) =>
    discrepancies.map((discrepancy) => ({ name, ...discrepancy })),
  );
  expect(report.discrepancyCount).toBe(found.length);
  return found;
}

const askingFor = (expression: string): Check => ({
  name: 'asking',
  statement: 'Asks.',
  sql: `SELECT 'x' AS subject, NULL::uuid AS tenant_id, 'y' AS detail WHERE ${expression} IS NOT NULL`,
});

describe('reconciliation', () => {
  test('finds nothing in an empty database, and names every check', async () => {
    const database = await createTestDatabase();
    const report = await reconcile(database.prisma, lookedAt);
    await database.close();
    expect(report.discrepancyCount).toBe(0);
    expect(report.checks.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
  });

  test('finds nothing in books in which everything has happened once', async () => {
    expect(await findDiscrepancies()).toEqual([]);
  });

  test('knows a fault for every check, and gives no name twice', () => {
    const names = checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(faults.map(({ check }) => check))).toEqual(new Set(names));
  });

  test.each(faults)('$check finds $what; no other check does', async ({ check, make }) => {
    const subject = await make(books);
    expect(await findDiscrepancies()).toEqual([
      {
        name: check,
        subject,
        tenantId: books.tenant.id,
        detail: expect.stringMatching(/^expected .+ found .+/),
      },
    ]);
  });

  test('looks at the books as of the given instant', async () => {
    const { endsAt } = await books.prisma.billingPeriod.findFirstOrThrow({ where: { closedAt: null } });
    const after = (minutes: number) => findDiscrepancies(new Date(endsAt.getTime() + minutes * MINUTE_MS));
    expect(await after(15)).toEqual([]);
    expect(await after(16)).toMatchObject([{ name: 'ended-periods-are-closed' }]);
  });

  test('rounds totals as the invoicer does, whatever decimals the currency has', async () => {
    const totals = checks.filter(({ name }) => name === 'invoice-totals-add-up');
    for (const currency of ['CZK', 'HUF', 'JPY', 'KWD']) {
      for (const settlesMicros of [
        0n,
        499n,
        500n,
        4_999n,
        5_000n,
        499_999n,
        500_000n,
        1_500_000n,
        2_345_678n,
      ]) {
        const totalMinor = roundToMinorUnits(settlesMicros, currency);
        const change = { currency, settlesMicros, totalMinor };
        await books.corrupt(
          'UPDATE invoices SET currency = $1, settles_micros = $2, total_minor = $3, gross_minor = $3',
          [currency, settlesMicros, totalMinor],
        );
        await books.corrupt(
          'UPDATE invoice_lines SET amount_micros = CASE position WHEN 1 THEN $1::bigint ELSE 0 END',
          [settlesMicros],
        );
        expect({ ...change, ...(await reconcile(books.prisma, lookedAt, totals)) }).toMatchObject({
          ...change,
          discrepancyCount: 0,
        });
      }
    }
  });

  test('lists the first hundred where everything is wrong', async () => {
    await books.corrupt(
      `INSERT INTO accounts (tenant_id, currency, balance_micros)
       SELECT gen_random_uuid(), 'CZK', 1 FROM generate_series(1, 101) RETURNING tenant_id AS id`,
    );
    expect(await findDiscrepancies()).toHaveLength(DISCREPANCIES_MAX);
  });

  test('cannot write', async () => {
    const writing = reconcile(books.prisma, lookedAt, [askingFor('lo_create(0)')]);
    await expect(writing).rejects.toThrow(/read-only transaction/);
  });

  test('sees one moment, whatever is written while it looks', async () => {
    const { prisma, corrupt } = books;
    await corrupt('SELECT pg_advisory_lock(1)');
    const waiting = askingFor("nullif(pg_advisory_xact_lock_shared(1)::text, '')");
    const looking = reconcile(prisma, lookedAt, [waiting, ...checks]);
    await until('it waits', () =>
      prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`.then((rows) => rows.length > 0),
    );
    await corrupt('UPDATE accounts SET balance_micros = 0, reserved_micros = 0, entry_count = 0');
    await corrupt('SELECT pg_advisory_unlock(1)');
    expect(await looking).toMatchObject({ discrepancyCount: 0 });
    expect(await reconcile(prisma, lookedAt)).not.toMatchObject({ discrepancyCount: 0 });
  });
});
