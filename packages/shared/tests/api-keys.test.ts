import { afterAll, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { createApiKey, findCallers, generateApiKey, type NewApiKey } from '../src/tenants/api-keys.ts';
import { buildTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const tenant = await buildTenant(prisma, { smsSettings: { sender: 'Bookshop', chargeOn: 'delivered' } });

async function newKey(overrides: Partial<NewApiKey> = {}): Promise<{ id: string; key: string }> {
  const id = newId();
  const key = await createApiKey(prisma, {
    id,
    tenantId: tenant.id,
    name: 'production',
    mode: 'live',
    scopes: ['sms:send', 'sms:read'],
    createdAt: testNow,
    ...overrides,
  });
  return { id, key };
}

describe('an API key', () => {
  test('tells who is calling and what the tenant allows', async () => {
    const { id, key } = await newKey();
    expect(await findCallers(prisma, [key], testNow)).toEqual([
      {
        apiKeyId: id,
        tenantId: tenant.id,
        mode: 'live',
        scopes: ['sms:send', 'sms:read'],
        tenantStatus: 'active',
        suspensionReason: null,
        isPastDue: false,
        unpaid: {
          currency: 'CZK',
          unpaidPolicy: 'off',
          unpaidAgeDays: null,
          unpaidMicros: null,
          unpaidSince: null,
          unpaidMinor: null,
        },
        planId: 'pro',
        planIncludesSms: true,
        smsEnabled: true,
        sender: 'Bookshop',
        chargeOn: 'delivered',
        currency: 'CZK',
        defaultCountry: 'CZ',
        allowedCountries: [],
        dataKeyWrapped: expect.any(Uint8Array),
      },
    ]);
  });

  test('says its mode and holds 192 random bits', async () => {
    const { key } = await newKey({ mode: 'test' });
    expect(key).toMatch(/^tg_test_[A-Za-z0-9_-]{32}$/);
    expect(generateApiKey('live')).not.toBe(generateApiKey('live'));
  });

  test('is nowhere in the database, only its hash and its first characters', async () => {
    const { id, key } = await newKey();
    const [row] = await prisma.$queryRaw<[{ text: string; hashLength: number }]>`
      SELECT to_jsonb(k)::text || encode(key_hash, 'escape') AS text, length(key_hash) AS "hashLength"
      FROM api_keys k WHERE id = ${id}::uuid`;
    expect(row.text).toContain(key.slice(0, 12));
    expect(row.text).not.toContain(key.slice(0, 13));
    expect(row.hashLength).toBe(32);
  });

  test('that was revoked is not found', async () => {
    const { id, key } = await newKey();
    await prisma.apiKey.update({ where: { id }, data: { revokedAt: testNow } });
    expect(await findCallers(prisma, [key], testNow)).toEqual([null]);
  });

  test('is found until the instant it expires', async () => {
    const { id, key } = await newKey({ expiresAt: testNow });
    const before = new Date(testNow.getTime() - 1);
    expect(await findCallers(prisma, [key], before)).toMatchObject([{ apiKeyId: id }]);
    expect(await findCallers(prisma, [key], testNow)).toEqual([null]);
  });

  test('of a suspended tenant still tells so, for the answer to say why', async () => {
    const suspended = await buildTenant(prisma);
    await prisma.tenant.update({ where: { id: suspended.id }, data: { status: 'suspended' } });
    const { key } = await newKey({ tenantId: suspended.id });
    expect(await findCallers(prisma, [key], testNow)).toMatchObject([{ tenantStatus: 'suspended' }]);
  });
});

test('callers come in the order of the keys, with null for an unknown one and a repeated one twice', async () => {
  const [one, two] = [await newKey(), await newKey()];
  const callers = await findCallers(prisma, [two.key, 'tg_live_unknown', one.key, two.key], testNow);
  expect(callers.map((caller) => caller?.apiKeyId ?? null)).toEqual([two.id, null, one.id, two.id]);
});
