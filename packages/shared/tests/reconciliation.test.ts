import { afterEach, describe, expect, test } from 'vitest';
import type { Check } from '../src/reconciliation/check.ts';
import { checks } from '../src/reconciliation/checks.ts';
import { DISCREPANCIES_MAX, reconcile } from '../src/reconciliation/reconcile.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';
import { MINUTE_MS } from '../src/time/durations.ts';
import { invoiceFaults, periodFaults } from './reconciliation/billing-faults.ts';
import { type Books, lookedAt, openCorrectBooks } from './reconciliation/correct-books.ts';
import { creditFaults, usageFaults } from './reconciliation/credit-faults.ts';
import { messageFaults } from './reconciliation/message-faults.ts';

const faults = [...messageFaults, ...creditFaults, ...usageFaults, ...periodFaults, ...invoiceFaults];

let opened: Books | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function openBooks(): Promise<Books> {
  opened = await openCorrectBooks();
  return opened;
}

/** Everything that is found: check, subject, tenant and detail of each discrepancy. */
async function findIn({ prisma }: Pick<Books, 'prisma'>, now = lookedAt) {
  const report = await reconcile(prisma, now);
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
    expect(await findIn(await openBooks())).toEqual([]);
  });

  test('knows a fault for every check, and gives no name twice', () => {
    const names = checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(faults.map(({ check }) => check))).toEqual(new Set(names));
  });

  test.each(faults)('$check finds $what; no other check does', async ({ check, make }) => {
    const books = await openBooks();
    const subject = await make(books);
    expect(await findIn(books)).toEqual([
      {
        name: check,
        subject,
        tenantId: books.tenant.id,
        detail: expect.stringMatching(/^expected .+ found .+/),
      },
    ]);
  });

  test('looks at the books as of the given instant', async () => {
    const books = await openBooks();
    const { endsAt } = await books.prisma.billingPeriod.findFirstOrThrow({ where: { closedAt: null } });
    const after = (minutes: number) => findIn(books, new Date(endsAt.getTime() + minutes * MINUTE_MS));
    expect(await after(15)).toEqual([]);
    expect(await after(16)).toMatchObject([{ name: 'ended-periods-are-closed' }]);
  });

  test('lists the first hundred where everything is wrong', async () => {
    const books = await openBooks();
    await books.corrupt(
      `INSERT INTO accounts (tenant_id, currency, balance_micros)
       SELECT gen_random_uuid(), 'CZK', 1 FROM generate_series(1, 101) RETURNING tenant_id AS id`,
    );
    expect(await findIn(books)).toHaveLength(DISCREPANCIES_MAX);
  });

  test('cannot write', async () => {
    const { prisma } = await openBooks();
    await expect(reconcile(prisma, lookedAt, [askingFor('pg_current_xact_id()')])).rejects.toThrow();
    await expect(
      reconcile(prisma, lookedAt, [askingFor('pg_current_xact_id_if_assigned()')]),
    ).resolves.toMatchObject({
      discrepancyCount: 0,
    });
  });

  test('sees one moment, whatever is written while it looks', async () => {
    const { prisma, corrupt } = await openBooks();
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
