import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { announceProvider, blockProvider, listProviders } from '@tollgate/shared/messages/provider-status.ts';
import { authenticateOperator } from '@tollgate/shared/operators/operators.ts';
import { checks } from '@tollgate/shared/reconciliation/checks.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { afterAll, describe, expect, test } from 'vitest';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(() => database.close());

const program = join(import.meta.dirname, '../src/main.ts');

/** Runs `tollgate` as a process of its own, which knows nothing but what it is given. */
async function tollgate(
  words: string[],
  { input = '', env = { DATABASE_URL: database.url } as Record<string, string> } = {},
) {
  const child = spawn(process.execPath, [program, ...words], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [output, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code, output, complaint };
}

describe('tollgate', () => {
  test('lists its commands when it is asked for nothing', async () => {
    const { code, output } = await tollgate([], { env: {} });
    expect(code).toBe(0);
    for (const name of ['reconcile', 'tenant list', 'operator create', 'help'])
      expect(output).toContain(`  ${name} `);
  });

  test('ends with 2 and a plain word when it is not understood', async () => {
    expect(await tollgate(['reconcile', '--yaml'])).toMatchObject({
      code: 2,
      output: '',
      complaint: expect.stringContaining('--yaml'),
    });
    expect(await tollgate(['operator', 'create', '--role', 'king'])).toMatchObject({
      code: 2,
      complaint: expect.stringMatching(/--email is needed.*\n--role is needed: viewer, operator, admin/),
    });
  });

  test('ends with 2 when nobody tells it the database, and with 3 when the database is away', async () => {
    expect(await tollgate(['reconcile'], { env: {} })).toMatchObject({
      code: 2,
      complaint: expect.stringMatching(/DATABASE_URL: is missing[\s\S]*--database/),
    });
    const away = await tollgate(['tenant', 'list', '--database', 'postgres://nobody@127.0.0.1:1/none']);
    expect(away).toMatchObject({
      code: 3,
      output: '',
      complaint: expect.stringContaining('could not be done'),
    });
    expect(away.complaint).not.toContain('    at ');
  });
});

test('reconcile ends with 0 while the books are right, and with 1 and the rows once they are not', async () => {
  const right = await tollgate(['reconcile']);
  expect(right).toMatchObject({ code: 0, complaint: '' });
  for (const { name } of checks) expect(right.output).toContain(`✓ ${name} `);

  const tenant = await buildTenant(prisma, { createdAt: systemClock.now() });
  await prisma.account.updateMany({ where: { tenantId: tenant.id }, data: { reservedMicros: 5n } });
  const wrong = await tollgate(['reconcile', '--database', database.url], { env: {} });
  expect(wrong.code).toBe(1);
  expect(wrong.output).toContain('✗ reserved-is-the-sum-of-open-reservations');
  expect(wrong.output).toContain(`${tenant.id} CZK of tenant ${tenant.id}`);

  const json = await tollgate(['reconcile', '--json']);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.output)).toMatchObject({ discrepancyCount: 1 });
  await prisma.account.updateMany({ where: { tenantId: tenant.id }, data: { reservedMicros: 0n } });
});

test('tenant list shows every tenant with what it may spend', async () => {
  const tenant = await buildTenant(prisma, { name: 'Library', balanceMicros: 2_500_000n, currency: 'EUR' });
  const { code, output } = await tollgate(['tenant', 'list']);
  expect(code).toBe(0);
  expect(output).toMatch(
    new RegExp(`${toPublicId('tnt', tenant.id)} +Library +active +pro +prepaid +2.50 +EUR\n`),
  );
  expect((await tollgate(['tenant', 'list', '--limit', '0'])).code).toBe(2);
});

describe('operator create', () => {
  test('makes a password and prints it once', async () => {
    const { code, output } = await tollgate([
      'operator',
      'create',
      '--email',
      'a@example.com',
      '--role',
      'admin',
    ]);
    expect(code).toBe(0);
    const password = /shown only now: (\S{24})\n/.exec(output)?.[1] ?? '';
    expect(await authenticateOperator(prisma, 'a@example.com', password)).toMatchObject({ role: 'admin' });
  });

  test('takes the password from standard input without printing it, and replaces it the second time', async () => {
    const words = ['operator', 'create', '--email', 'b@example.com', '--role', 'viewer', '--password-stdin'];
    const first = await tollgate(words, { input: 'correct horse battery\n' });
    expect(first).toMatchObject({ code: 0, output: 'b@example.com may sign in as viewer.\n' });
    expect(await authenticateOperator(prisma, 'b@example.com', 'correct horse battery')).not.toBeNull();
    await tollgate(words, { input: 'another horse battery' });
    expect(await authenticateOperator(prisma, 'b@example.com', 'correct horse battery')).toBeNull();
    expect(await authenticateOperator(prisma, 'b@example.com', 'another horse battery')).not.toBeNull();
    expect((await tollgate(words, { input: 'short\n' })).code).toBe(2);
  });
});

describe('tollgate provider', () => {
  const provider = 'sms-manager';

  test('list shows what blocks a provider and how many messages wait, and ends with 1 while one is blocked', async () => {
    await announceProvider(prisma, provider);
    expect(await tollgate(['provider', 'list'])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/sms-manager +open/),
    });
    const tenant = await buildTenant(prisma);
    const { id } = await buildMessage(prisma, tenant);
    await prisma.message.update({ where: { id }, data: { holdReason: 'provider' } });
    const at = new Date('2026-11-21T10:00:00Z');
    await blockProvider(prisma, {
      provider,
      reason: 'HTTP 403',
      at,
      nextCheckAt: at,
      relapse: { withinMs: 0, nextCheckAt: at },
    });
    expect(await tollgate(['provider', 'list'])).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /sms-manager +blocked +2026-11-21T10:00:00.000Z .*HTTP 403[\s\S]*1 messages wait/,
      ),
    });
  });

  test('resume lets it be called again, once, and says who did it', async () => {
    const at = new Date();
    await blockProvider(prisma, {
      provider,
      reason: 'HTTP 403',
      at,
      nextCheckAt: at,
      relapse: { withinMs: 0, nextCheckAt: at },
    });
    const resume = ['provider', 'resume', '--name', provider];
    expect(await tollgate(resume)).toMatchObject({ code: 0, output: 'sms-manager is open again.\n' });
    expect(await tollgate(resume)).toMatchObject({ code: 1, output: 'sms-manager was not blocked.\n' });
    expect(await listProviders(prisma)).toMatchObject([{ provider, block: null, resumedBy: 'cli unknown' }]);
  });

  test('route sets which providers a country’s messages go to, shows them, and takes them away', async () => {
    await announceProvider(prisma, provider);
    await announceProvider(prisma, 'twilio');
    const route = (...words: string[]) => tollgate(['provider', 'route', '--country', ...words]);
    expect(await route('SK', '--providers', 'twilio,sms-manager')).toMatchObject({ code: 0 });
    expect(await route('every', '--mode', 'test', '--providers', provider)).toMatchObject({ code: 0 });
    expect(await tollgate(['provider', 'routes'])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/every other +test +sms-manager\nSK +live +twilio, sms-manager\n/),
    });
    expect(await route('SK', '--providers', 'default')).toMatchObject({
      code: 0,
      output: 'The route is gone.\n',
    });
    expect(await route('SK', '--providers', 'default')).toMatchObject({ code: 1 });
    expect(await route('Slovakia', '--providers', 'twilio')).toMatchObject({ code: 2 });
    expect(await route('SK', '--providers', 'pigeons')).toMatchObject({ code: 2 });
    expect(await route('SK', '--providers', 'twilio,twilio')).toMatchObject({ code: 2 });
  });
});
