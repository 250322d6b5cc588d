import { changePlan, changeSettings } from '@tollgate/shared/guards/change-settings.ts';
import { buildMessages, type MessageOverrides } from '@tollgate/shared/testing/build-message.ts';
import {
  buildTenant,
  type TenantOverrides,
  type TestTenant,
  testNow,
} from '@tollgate/shared/testing/build-tenant.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(async () => {
  await sender.reset();
  // Ten in the morning in Prague, whatever the test before has done.
  sender.clock.advance(testNow.getTime() - sender.clock.now().getTime());
});

const limited = (smsSettings: NonNullable<TenantOverrides['smsSettings']>) =>
  buildTenant(sender.prisma, { smsSettings });

/** Accepted messages, each to a recipient of its own. */
async function accepted(tenant: TestTenant, overrides: readonly MessageOverrides[]): Promise<string[]> {
  const acceptedAt = sender.clock.now();
  const messages = await buildMessages(
    sender.prisma,
    tenant,
    overrides.map((override, index) => ({
      acceptedAt,
      recipient: `+4207770${String(index).padStart(5, '0')}`,
      ...override,
    })),
  );
  return messages.map(({ id }) => id);
}

const several = (count: number, override: MessageOverrides = {}) =>
  Array.from({ length: count }, () => override);

async function states(ids: readonly string[]) {
  const messages = await Promise.all(ids.map((id) => sender.message(id)));
  return messages.map(({ state, holdReason, failureCode }) => [state, failureCode ?? holdReason]);
}

const counter = (tenantId: string, guard: string) =>
  sender.prisma.guardCounter.findFirst({ where: { tenantId, guard } });
const crossings = (tenantId: string) =>
  sender.prisma.limitCrossing.findMany({ where: { tenantId }, orderBy: { line: 'asc' } });

/** How many sessions wait for a row that another one has locked. */
async function sessionsWaiting(): Promise<number> {
  const [row] = await sender.prisma.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return Number(row?.count);
}

const sent = ['submitted', null];

describe('a limit', () => {
  test('is never passed by one segment, however many claims there are at once', async () => {
    const tenant = await limited({ dayLimit: 10n });
    const ids = await accepted(tenant, several(50));
    await Promise.all(ids.map((id) => sender.send(id)));
    expect(sender.simulator.received()).toHaveLength(10);
    expect(await counter(tenant.id, 'day')).toMatchObject({ segments: 10n, amountMicros: 15_000_000n });
    const refused = (await states(ids)).filter(([, code]) => code === 'day_limit_reached');
    expect(refused).toHaveLength(40);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 15_000_000n });
    expect(await sender.discrepancies(tenant.id)).toEqual([]);
  });

  test('is seen by claims that are under way together: each waits for the one before it', async () => {
    const tenant = await limited({ dayLimit: 3n });
    await sender.send(...(await accepted(tenant, [{}])));
    const ids = await accepted(tenant, several(5));
    // Keeps the first claim from counting until all of them are on their way.
    const { claims } = await sender.prisma.$transaction(async (db) => {
      await db.$queryRaw`SELECT 1 FROM guard_counters WHERE tenant_id = ${tenant.id}::uuid FOR UPDATE`;
      const started = Promise.all(ids.map((id) => sender.send(id)));
      await until('five claims wait', async () => (await sessionsWaiting()) === 5);
      return { claims: started };
    });
    await claims;
    expect(await counter(tenant.id, 'day')).toMatchObject({ segments: 3n });
    expect(sender.simulator.received()).toHaveLength(3);
  });

  test.each([
    ['minute', { minuteLimit: 2n }],
    ['day', { dayLimit: 2n }],
    ['month', { monthLimit: 2n }],
    ['country_day', { countryDayLimits: { CZ: '2', '*': '9' } }],
    ['month', { limitUnit: 'money', monthLimit: 3_000_000n }],
  ] as const)('of a %s refuses what it has no room for, and names itself', async (guard, settings) => {
    const tenant = await limited(settings);
    const ids = await accepted(tenant, several(3));
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, sent, ['rejected', `${guard}_limit_reached`]]);
    const refused = await sender.message(ids[2] as string);
    expect(refused.lastFailure).toMatch(/^the limit of (2 segments|3\.00 CZK) a .* is reached$/);
  });

  test('per recipient keeps back the one recipient', async () => {
    const tenant = await limited({ recipientDayLimit: 1n });
    const ids = await accepted(tenant, [
      { recipient: '+420777123456' },
      { recipient: '+420777123456' },
      { recipient: '+420777654321' },
    ]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, ['rejected', 'recipient_day_limit_reached'], sent]);
  });

  test('counts segments, not messages, and only of live keys', async () => {
    const tenant = await limited({ dayLimit: 3n });
    const ids = await accepted(tenant, [
      { segments: 2, priceMicros: 3_000_000n },
      { mode: 'test', segments: 9 },
      { segments: 2, priceMicros: 3_000_000n },
    ]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, sent, ['rejected', 'day_limit_reached']]);
  });

  test('knows what was sent before it was set', async () => {
    const tenant = await limited({});
    await sender.send(...(await accepted(tenant, several(3))));
    await sender.prisma.smsSettings.update({ where: { tenantId: tenant.id }, data: { monthLimit: 4n } });
    const ids = await accepted(tenant, several(2));
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, ['rejected', 'month_limit_reached']]);
  });

  test('holds by policy until its window is over, and then sends', async () => {
    const tenant = await limited({ dayLimit: 1n, onLimitReached: 'hold' });
    const ids = await accepted(tenant, several(2));
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, ['accepted', 'guard']]);
    // Prague's day ends at 23:00 UTC in March.
    expect((await sender.message(ids[1] as string)).wakeAt?.toISOString()).toMatch(/T23:00:00.000Z$/);
    sender.clock.advance(15 * HOUR_MS);
    await sender.sweep();
    expect(await states(ids.slice(1))).toEqual([sent]);
  });

  test('refuses at once what is larger than itself, also where others are held', async () => {
    const tenant = await limited({ dayLimit: 2n, onLimitReached: 'hold' });
    const ids = await accepted(tenant, [{ segments: 3, priceMicros: 4_500_000n }, {}]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([['rejected', 'day_limit_reached'], sent]);
  });

  test('does not keep a retry back: it was counted when it was tried first', async () => {
    const tenant = await limited({ dayLimit: 1n });
    const [id = ''] = await accepted(tenant, [{}]);
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 429 }] });
    await sender.send(id);
    expect(await states([id])).toEqual([['sending', null]]);
    sender.clock.advance(MINUTE_MS);
    await sender.send(id);
    expect(await states([id])).toEqual([sent]);
    expect(await counter(tenant.id, 'day')).toMatchObject({ segments: 1n });
  });

  test('gets back what was never charged', async () => {
    const tenant = await limited({ dayLimit: 1n });
    const [id = '', next = ''] = await accepted(tenant, several(2));
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 400 }] });
    await sender.send(id);
    expect(await states([id])).toEqual([['rejected', 'provider_refused']]);
    for (const guard of ['day', 'month', 'country_day']) {
      expect(await counter(tenant.id, guard)).toMatchObject({ segments: 0n, amountMicros: 0n });
    }
    await sender.send(next);
    expect(await states([next])).toEqual([sent]);
    expect(await sender.discrepancies(tenant.id)).toEqual([]);
  });

  test('is told at 80 % and at 100 %, once each', async () => {
    const tenant = await limited({ dayLimit: 5n });
    await sender.send(...(await accepted(tenant, several(3))));
    expect(await crossings(tenant.id)).toEqual([]);
    await sender.send(...(await accepted(tenant, several(1))));
    expect(await crossings(tenant.id)).toMatchObject([{ guard: 'day', line: 80, limitValue: 5n }]);
    await sender.send(...(await accepted(tenant, several(3))));
    await sender.send(...(await accepted(tenant, several(3))));
    expect(await crossings(tenant.id)).toMatchObject([{ line: 80 }, { line: 100 }]);
  });
});

describe('a country', () => {
  test('that the settings do not name is not sent to', async () => {
    const tenant = await limited({ allowedCountries: ['CZ', 'SK'] });
    const ids = await accepted(tenant, [{}, { country: 'DE', recipient: '+4915112345678' }]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, ['rejected', 'country_not_allowed']]);
  });
});

describe('quiet hours', () => {
  const night = { quietFrom: '20:00', quietUntil: '08:00' };

  test('keep promotional messages until the recipient’s morning, and nothing else', async () => {
    const tenant = await limited(night);
    // 09:00 UTC: ten in Prague, four in New York.
    const american = { country: 'US', recipient: '+12125550123' };
    const ids = await accepted(tenant, [
      { category: 'promotional' },
      { category: 'promotional', ...american },
      { category: 'transactional', ...american },
      { category: 'priority', ...american },
    ]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, ['accepted', 'window'], sent, sent]);
    const held = await sender.message(ids[1] as string);
    // Honolulu's eight o'clock, because the number does not tell the city.
    expect(held.wakeAt?.toISOString()).toMatch(/T18:00:00.000Z$/);
    sender.clock.advance(9 * HOUR_MS);
    await sender.sweep();
    expect(await states([held.id])).toEqual([sent]);
  });

  test('never outlast a message’s validity: it expires and holds no credit', async () => {
    const tenant = await limited({ quietFrom: '08:00', quietUntil: '20:00' });
    const expiresAt = new Date(sender.clock.now().getTime() + HOUR_MS);
    const [id = ''] = await accepted(tenant, [{ category: 'promotional', expiresAt }]);
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ holdReason: 'window', wakeAt: expiresAt });
    sender.clock.advance(HOUR_MS);
    await sender.sweep();
    expect(await states([id])).toEqual([['expired', 'validity_over']]);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });
});

describe('a rate per second', () => {
  test('spreads messages over time, each at a place of its own, and keeps nobody else back', async () => {
    const tenant = await limited({ ratePerSecond: 2 });
    const ids = await accepted(tenant, several(7));
    const start = sender.clock.now().getTime();
    await Promise.all([sender.send(...ids.slice(0, 3)), sender.send(...ids.slice(3))]);
    expect(sender.simulator.received()).toHaveLength(2);
    const waiting = await sender.prisma.message.findMany({
      where: { tenantId: tenant.id, holdReason: 'rate' },
      orderBy: { notBefore: 'asc' },
    });
    expect(waiting.map(({ notBefore }) => notBefore.getTime() - start)).toEqual([
      500, 1000, 1500, 2000, 2500,
    ]);
    const urgent = await accepted(tenant, [{ category: 'priority' }]);
    await sender.send(...urgent);
    expect(await states(urgent)).toEqual([sent]);
    sender.clock.advance(SECOND_MS);
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(5);
    sender.clock.advance(2 * SECOND_MS);
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(8);
  });

  test('spreads again what something else had stopped for long', async () => {
    const tenant = await limited({ ratePerSecond: 1 });
    const ids = await accepted(tenant, several(5));
    await sender.send(...ids);
    sender.clock.advance(DAY_MS / 2);
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(2);
    sender.clock.advance(10 * SECOND_MS);
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(5);
  });
});

describe('settings that change', () => {
  test('send what waited for the old ones, at once', async () => {
    const tenant = await limited({ dayLimit: 1n, onLimitReached: 'hold' });
    const ids = await accepted(tenant, several(2));
    await sender.send(...ids);
    expect(await states(ids)).toEqual([sent, ['accepted', 'guard']]);
    await changeSettings(
      sender.prisma,
      {
        tenantId: tenant.id,
        currency: 'CZK',
        change: { dayLimit: 5n },
        given: { dailyLimit: 5 },
        changedBy: 'test',
      },
      sender.clock.now(),
    );
    await sender.sweep();
    expect(await states(ids)).toEqual([sent, sent]);
  });

  test('to a plan without SMS end at once what is held, and free its credit', async () => {
    const tenant = await limited({ ratePerSecond: 1, quietFrom: '23:00', quietUntil: '11:00' });
    const ids = await accepted(tenant, [{ category: 'promotional' }, {}, {}, {}]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([
      ['accepted', 'window'],
      sent,
      ['accepted', 'rate'],
      ['accepted', 'rate'],
    ]);
    expect(
      await changePlan(
        sender.prisma,
        { tenantId: tenant.id, planId: 'free', changedBy: 'op' },
        sender.clock.now(),
      ),
    ).toEqual({
      planId: 'free',
      includesSms: false,
    });
    await sender.sweep();
    const refused = ['rejected', 'sms_disabled'];
    expect(await states(ids)).toEqual([refused, sent, refused, refused]);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 1_500_000n });
  });
});
