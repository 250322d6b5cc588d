import { afterAll, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { openDatabase } from '../src/runtime/database.ts';
import { databaseCode, describeFailure, isDataError } from '../src/runtime/failure.ts';
import { startRelay } from '../src/testing/start-relay.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
}

const account = { tenantId: newId(), currency: 'CZK' };

describe('a database error', () => {
  test.each([
    [
      'a unique violation by a model call',
      '23505',
      () => prisma.plan.create({ data: { id: 'pro', name: 'Pro', includesSms: true } }),
    ],
    [
      'a unique violation by a raw statement',
      '23505',
      () => prisma.$executeRaw`INSERT INTO plans (id, name, includes_sms) VALUES ('pro', 'Pro', true)`,
    ],
    [
      'a unique violation within a transaction',
      '23505',
      () =>
        prisma.$transaction(
          (tx) => tx.$executeRaw`INSERT INTO plans (id, name, includes_sms) VALUES ('pro', 'Pro', true)`,
        ),
    ],
    [
      'a failed check',
      '23514',
      () => prisma.account.create({ data: { ...account, creditLimitMicros: -1n } }),
    ],
    ['a missing reference', '23503', () => prisma.smsSettings.create({ data: { tenantId: newId() } })],
    [
      'a text that is too long',
      '22001',
      () => prisma.account.create({ data: { ...account, currency: 'CZKX' } }),
    ],
    ['a number out of range', '22003', () => prisma.$queryRaw`SELECT 100000000000::int`],
  ])('%s is a data error with its code', async (_, code, work) => {
    const error = await errorOf(work());
    expect(databaseCode(error)).toBe(code);
    expect(isDataError(error)).toBe(true);
    expect(describeFailure(error).failureClass).toBe(`PrismaClientKnownRequestError ${code}`);
  });

  test('of a missing table or privilege would hit every item alike: no data error', async () => {
    for (const sql of ['SELECT * FROM nothing', 'CREATE TABLE mine ()']) {
      expect(isDataError(await errorOf(prisma.$executeRawUnsafe(sql)))).toBe(false);
    }
  });

  test('of a value that Prisma refuses is a data error whose text repeats no value', async () => {
    const data = { id: 42 as unknown as string, name: '+420777123456', includesSms: true };
    const error = await errorOf(prisma.plan.create({ data }));
    expect(isDataError(error)).toBe(true);
    expect(describeFailure(error).detail).not.toContain('777123456');
  });
});

describe('a database that is away', () => {
  test('fails its ping within seconds, and is no data error', async () => {
    const relay = await startRelay(database.url);
    const away = openDatabase({ url: relay.url, applicationName: 'test', connectionsMax: 1 });
    await away.ping();
    relay.freeze();
    const startedAt = performance.now();
    expect(isDataError(await errorOf(away.ping()))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await relay.cut();
    const error = await errorOf(away.prisma.plan.count());
    expect(isDataError(error)).toBe(false);
    await away.close();
  });
});
