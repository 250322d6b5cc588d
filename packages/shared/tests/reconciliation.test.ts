import { afterEach, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { checks } from '../src/reconciliation/checks.ts';
import { DISCREPANCIES_MAX, reconcile } from '../src/reconciliation/reconcile.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { MINUTE_MS } from '../src/time/durations.ts';
import { type Books, lookedAt, openCorrectBooks } from './reconciliation-books.ts';
import { type Fault, faults } from './reconciliation-faults.ts';

let books: Books | undefined;
afterEach(async () => {
  await books?.close();
  books = undefined;
});

/** What is found of a fault: check and subject of every discrepancy. */
async function findIn({ prisma }: Pick<Books, 'prisma'>, now = lookedAt) {
  const report = await reconcile(prisma, now);
  const found = report.checks.flatMap(({ name, discrepancies }) =>
    discrepancies.map(({ subject, tenantId, detail }) => ({ name, subject, tenantId, detail })),
  );
  expect(report.discrepancyCount).toBe(found.length);
  return found;
}

describe('reconciliation', () => {
  test('finds nothing in an empty database, and names every check', async () => {
    const database = await createTestDatabase();
    const report = await reconcile(database.prisma, lookedAt);
    await database.close();
    expect(report.discrepancyCount).toBe(0);
    expect(report.checks.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
  });

  test('finds nothing in books in which everything has happened once', async () => {
    books = await openCorrectBooks();
    expect(await findIn(books)).toEqual([]);
  });

  test('has a fault for every check, and no name twice', () => {
    const names = checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(faults.map(({ check }) => check))).toEqual(new Set(names));
  });

  test.each<Fault>(faults)('$check finds $what, and no other check does', async ({ check, corrupt }) => {
    books = await openCorrectBooks();
    const subject = await corrupt(books);
    const found = await findIn(books);
    expect(found).toEqual([
      {
        name: check,
        subject,
        tenantId: books.tenant.id,
        detail: expect.stringMatching(/^expected .+ found .+/),
      },
    ]);
  });

  test('looks at the books as of the given instant', async () => {
    books = await openCorrectBooks();
    const { endsAt } = await books.prisma.billingPeriod.findFirstOrThrow({ where: { closedAt: null } });
    const within = (minutes: number) =>
      findIn(books as Books, new Date(endsAt.getTime() + minutes * MINUTE_MS));
    expect(await within(15)).toEqual([]);
    expect(await within(16)).toMatchObject([{ name: 'ended-periods-are-closed' }]);
  });

  test('lists the first hundred when everything is wrong', async () => {
    books = await openCorrectBooks();
    await books.corrupt(
      `INSERT INTO accounts (tenant_id, currency, balance_micros) SELECT gen_random_uuid(), 'CZK', 1 FROM generate_series(1, 101)`,
    );
    expect(await findIn(books)).toHaveLength(DISCREPANCIES_MAX);
  });

  test('writes nothing, even if a check wanted to', async () => {
    books = await openCorrectBooks();
    const { prisma } = books;
    await books
      .corrupt(`CREATE FUNCTION meddle() RETURNS text LANGUAGE sql AS
      $$ INSERT INTO plans (id, name, includes_sms) VALUES ('${newId()}', 'x', true) RETURNING id $$`)
      .catch(() => undefined);
    const meddling = {
      name: 'meddling',
      statement: '',
      sql: 'SELECT meddle() AS subject, NULL::uuid AS tenant_id, NULL AS detail',
    };
    (checks as unknown[]).push(meddling);
    try {
      await expect(reconcile(prisma, lookedAt)).rejects.toThrow(/read-only transaction/);
    } finally {
      (checks as unknown[]).pop();
    }
  });
});
