import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { databaseCode } from '../src/runtime/failure.ts';
import { withTenant } from '../src/runtime/with-tenant.ts';
import { createApiKey } from '../src/tenants/api-keys.ts';
import { buildMessage } from '../src/testing/build-message.ts';
import { buildTenant, type TestTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const PERMISSION_DENIED = '42501';

let shop: TestTenant;
let bank: TestTenant;

beforeAll(async () => {
  [shop, bank] = [await buildTenant(prisma), await buildTenant(prisma)];
  for (const tenant of [shop, bank]) {
    await buildMessage(prisma, tenant);
    await createApiKey(prisma, {
      id: newId(),
      tenantId: tenant.id,
      name: 'key',
      mode: 'live',
      scopes: ['sms:send'],
      createdAt: testNow,
    });
  }
});

describe('reading as a tenant', () => {
  test.each([
    ['messages', 1],
    ['accounts', 1],
    ['ledger_entries', 1],
    ['sms_settings', 1],
    ['credit_reservations', 0],
    ['message_attempts', 0],
    ['delivery_reports', 0],
  ])('a query of %s without WHERE shows only the own rows', async (table, count) => {
    const rows = await withTenant(prisma, shop.id, (db) =>
      db.$queryRawUnsafe<{ tenant_id: string }[]>(`SELECT tenant_id FROM ${table}`),
    );
    expect(rows).toEqual(Array.from({ length: count }, () => ({ tenant_id: shop.id })));
  });

  test('the tenant and its API keys are seen, without their secrets', async () => {
    const rows = await withTenant(
      prisma,
      shop.id,
      (db) => db.$queryRaw`SELECT t.id, k.tenant_id AS key_of FROM tenants t JOIN api_keys k ON true`,
    );
    expect(rows).toEqual([{ id: shop.id, key_of: shop.id }]);
    for (const secret of ['data_key_wrapped FROM tenants', 'key_hash FROM api_keys']) {
      const read = withTenant(prisma, shop.id, (db) => db.$queryRawUnsafe(`SELECT ${secret}`));
      expect(await codeOf(read)).toBe(PERMISSION_DENIED);
    }
  });

  test('list prices are seen, those of another tenant are not', async () => {
    const price = { currency: 'CZK', per: 'segment', unitPriceMicros: 1n, validFrom: testNow };
    await prisma.smsPrice.create({ data: { id: newId(), tenantId: bank.id, ...price } });
    const prices = await withTenant(prisma, shop.id, (db) => db.smsPrice.findMany());
    expect(prices.length).toBeGreaterThan(0);
    expect(prices.filter(({ tenantId }) => tenantId !== null)).toEqual([]);
  });

  test.each(['dead_letters', 'inbox_events', 'operators', 'operator_sessions', 'idempotency_keys'])(
    '%s are out of reach',
    async (table) => {
      const read = withTenant(prisma, shop.id, (db) => db.$queryRawUnsafe(`SELECT 1 FROM ${table}`));
      expect(await codeOf(read)).toBe(PERMISSION_DENIED);
    },
  );

  test.each([
    'UPDATE accounts SET balance_micros = 1',
    'DELETE FROM messages',
    "UPDATE sms_settings SET sender = 'me'",
    "INSERT INTO plans (id, name, includes_sms) VALUES ('mine', 'Mine', true)",
  ])('nothing can be written: %s', async (sql) => {
    const write = withTenant(prisma, shop.id, (db) => db.$executeRawUnsafe(sql));
    expect(await codeOf(write)).toBe(PERMISSION_DENIED);
  });

  test('ends with its transaction: the connection sees everything again', async () => {
    await withTenant(prisma, shop.id, (db) => db.message.count());
    const roles = await Promise.all(
      Array.from({ length: 5 }, () => prisma.$queryRaw`SELECT current_user::text AS role`),
    );
    for (const role of roles) expect(role).toEqual([{ role: 'tollgate_app' }]);
    expect(await prisma.message.count()).toBe(2);
  });
});

function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(() => 'no error', databaseCode);
}
