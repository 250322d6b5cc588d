import { setRoute } from '@tollgate/shared/messages/provider-routes.ts';
import { resumeProvider } from '@tollgate/shared/messages/provider-status.ts';
import { type buildMessage, buildMessages } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant, type TestTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;
let tenant: TestTenant;

beforeAll(async () => {
  sender = await startSenderFixture({ withTwilio: true });
});
afterAll(() => sender.close());
beforeEach(async () => {
  await sender.reset();
  tenant = await buildTenant(sender.prisma);
});
afterEach(async () => {
  expect(await sender.discrepancies(tenant.id)).toEqual([]);
});

const bySmsManager = () => sender.simulator.received().length;
const byTwilio = () => sender.twilio.received().length;
const providersOf = async (id: string) => (await sender.attempts(id)).map(({ provider }) => provider);
const build = async (count: number, changes: Parameters<typeof buildMessage>[2] = {}) =>
  (
    await buildMessages(
      sender.prisma,
      tenant,
      Array.from({ length: count }, () => changes),
    )
  ).map(({ id }) => id);

/** Whatever is due happens, second by second. */
async function live(seconds: number, stepSeconds = 5) {
  for (let second = 0; second < seconds; second += stepSeconds) {
    await sender.watchProvider();
    await sender.sweep();
    sender.clock.advance(stepSeconds * SECOND_MS);
  }
}

async function expectDeliveredOnce(ids: readonly string[]) {
  await sender.deliver();
  for (const id of ids) expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
  const charges = (await sender.entries(tenant.id)).filter(({ kind }) => kind === 'sms_send');
  expect(charges).toHaveLength(ids.length);
  expect(await sender.account(tenant.id)).toMatchObject({
    reservedMicros: 0n,
    balanceMicros: 1_000_000_000n - 1_500_000n * BigInt(ids.length),
  });
}

const use = (country: string, ...providers: string[]) =>
  setRoute(sender.prisma, { country, mode: 'live', providers }, { at: sender.clock.now(), by: 'test' });

describe('on a good day', () => {
  test('everything goes to the first provider', async () => {
    const ids = await build(12);
    await sender.send(...ids);
    expect([bySmsManager(), byTwilio()]).toEqual([12, 0]);
    await expectDeliveredOnce(ids);
  });

  test('a country’s route decides, and a change counts from the next message', async () => {
    const [first, second] = (await build(2, { country: 'SK', recipient: '+421905123456' })) as [
      string,
      string,
    ];
    await use('SK', 'twilio', 'sms-manager');
    await sender.send(first);
    await use('SK', 'sms-manager');
    await sender.send(second);
    expect([await providersOf(first), await providersOf(second)]).toEqual([['twilio'], ['sms-manager']]);
    await expectDeliveredOnce([first, second]);
  });

  test('by Twilio: the tenant pays what was quoted, and the cost is dollars, once Twilio tells it', async () => {
    await use('*', 'twilio');
    const [id] = (await build(1)) as [string];
    await sender.send(id);
    await expectDeliveredOnce([id]);
    expect(await sender.message(id)).toMatchObject({ providerCostMicros: null, priceMicros: 1_500_000n });
    sender.clock.advance(5 * MINUTE_MS);
    await sender.sweep();
    expect(await sender.message(id)).toMatchObject({
      providerCostMicros: 45_500n,
      providerCostCurrency: 'USD',
      providerParts: 1,
      priceMicros: 1_500_000n,
      wakeAt: null,
    });
  });

  test('a message of a test key never goes to Twilio, which would send it', async () => {
    const [id] = (await build(1, { mode: 'test' })) as [string];
    sender.simulator.faults.set({ nextSends: [{ kind: 'refuse' }] });
    await sender.send(id);
    sender.clock.advance(SECOND_MS);
    await sender.send(id);
    expect(await providersOf(id)).toEqual(['sms-manager', 'sms-manager']);
    expect(byTwilio()).toBe(0);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
  });
});

describe('fail-over', () => {
  test('after a refusal: the next attempt is Twilio’s, delivered once and charged once', async () => {
    const ids = await build(3);
    sender.simulator.faults.set({ always: { kind: 'refuse' } });
    await sender.send(...ids);
    expect(byTwilio()).toBe(0);
    await live(10);
    expect([bySmsManager(), byTwilio()]).toEqual([0, 3]);
    for (const id of ids) expect(await providersOf(id)).toEqual(['sms-manager', 'twilio']);
    await expectDeliveredOnce(ids);
  });

  test('while the first provider is silent: what is unknown waits, everything else is delivered by Twilio', async () => {
    const ids = await build(20);
    sender.simulator.faults.set({
      always: { kind: 'status', status: 503, afterTaking: true },
      lookups: { kind: 'status', status: 503 },
      reports: { lose: 100 },
    });
    for (const id of ids.slice(0, 3)) await sender.send(id);
    await sender.send(...ids.slice(3));
    await live(120);
    for (const id of ids.slice(0, 3)) {
      expect(await sender.message(id)).toMatchObject({ state: 'unknown' });
      expect(await providersOf(id)).toEqual(['sms-manager']);
    }
    await sender.deliver();
    const delivered = await sender.prisma.message.count({
      where: { tenantId: tenant.id, state: 'delivered' },
    });
    // Each probe of the silent provider puts one message at risk, and leaves the others alone.
    expect(delivered).toBe(byTwilio());
    expect(bySmsManager() + byTwilio()).toBe(20);
    expect(bySmsManager()).toBeLessThan(10);
    sender.simulator.faults.clear();
    await live(180, 30);
    await expectDeliveredOnce(ids);
  });

  test('while the first provider is blocked: nothing waits for it, and afterwards it is the first again', async () => {
    const ids = await build(5);
    sender.simulator.faults.set({
      always: { kind: 'status', status: 403 },
      lookups: { kind: 'status', status: 403 },
    });
    await sender.send(ids[0] as string);
    await sender.send(...ids.slice(1));
    expect(byTwilio()).toBe(4);
    await live(10);
    expect(byTwilio()).toBe(5);
    await expectDeliveredOnce(ids);
    sender.simulator.faults.clear();
    await resumeProvider(sender.prisma, { provider: 'sms-manager', at: sender.clock.now(), by: 'test' });
    const [next] = (await build(1)) as [string];
    await sender.send(next);
    expect(await providersOf(next)).toEqual(['sms-manager']);
    await expectDeliveredOnce([...ids, next]);
  });

  test('for want of credit at the first provider: the message that it took back goes to Twilio', async () => {
    const [id] = (await build(1)) as [string];
    sender.simulator.faults.set({
      credit: 0,
      reports: { result: 'rejected', resultInfo: '[307] Insufficient credit' },
    });
    await sender.send(id);
    await sender.deliver();
    await live(10);
    expect(await providersOf(id)).toEqual(['sms-manager', 'twilio']);
    await expectDeliveredOnce([id]);
  });

  test('never while the outcome is unknown; once the first provider denies it, once', async () => {
    const [id] = (await build(1)) as [string];
    sender.simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking: false }] });
    await sender.send(id);
    await live(9 * 60, 30);
    await sender.send(id);
    expect(await providersOf(id)).toEqual(['sms-manager']);
    expect(byTwilio()).toBe(0);
    await live(3 * 60, 30);
    expect(await sender.attempts(id)).toMatchObject([
      { provider: 'sms-manager', outcome: 'unavailable', failureCode: 'not_taken' },
      { provider: 'twilio', outcome: 'accepted' },
    ]);
    expect([bySmsManager(), byTwilio()]).toEqual([0, 1]);
    await expectDeliveredOnce([id]);
  });

  test('not because of its rate limit, which passes', async () => {
    const [id] = (await build(1)) as [string];
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 429 }] });
    await sender.send(id);
    await live(10);
    expect(await providersOf(id)).toEqual(['sms-manager', 'sms-manager']);
    await expectDeliveredOnce([id]);
  });

  test('not where the route names one provider: the message waits for it', async () => {
    await use('CZ', 'sms-manager');
    const [id] = (await build(1)) as [string];
    sender.simulator.faults.set({
      nextSends: [{ kind: 'status', status: 401 }],
      lookups: { kind: 'status', status: 401 },
    });
    await sender.send(id);
    await live(30);
    await sender.watchProvider();
    const { expiresAt: wakeAt } = await sender.message(id);
    // Not woken in vain at every turn, though the other provider is well.
    expect(await sender.message(id)).toMatchObject({ state: 'sending', holdReason: 'provider', wakeAt });
    expect(byTwilio()).toBe(0);
    sender.simulator.faults.clear();
    await live(120);
    expect(byTwilio()).toBe(0);
    await expectDeliveredOnce([id]);
  });

  test('both blocked: everything waits, and the first that is well again takes it', async () => {
    const ids = await build(3);
    sender.simulator.faults.set({
      always: { kind: 'status', status: 403 },
      lookups: { kind: 'status', status: 403 },
    });
    sender.twilio.faults.set({ account: 'suspended' });
    await sender.send(...ids);
    await live(20);
    for (const id of ids) expect(await sender.message(id)).toMatchObject({ holdReason: 'provider' });
    expect(await sender.prisma.providerStatus.count({ where: { blockedAt: { not: null } } })).toBe(2);
    sender.twilio.faults.clear();
    await live(240);
    expect([bySmsManager(), byTwilio()]).toEqual([0, 3]);
    await expectDeliveredOnce(ids);
  });
});

describe('what one provider refuses to carry', () => {
  test('goes to the other, once', async () => {
    await use('*', 'twilio', 'sms-manager');
    const [id] = (await build(1, { sender: 'Tollgate' })) as [string];
    sender.twilio.faults.set({ always: { kind: 'status', status: 400, code: 21612 } });
    await sender.send(id);
    await live(10);
    expect(await sender.attempts(id)).toMatchObject([
      { provider: 'twilio', outcome: 'rejected', failureCode: 'unroutable' },
      { provider: 'sms-manager', outcome: 'accepted' },
    ]);
    await expectDeliveredOnce([id]);
  });

  test('and nobody else carries is rejected, and its credit is free', async () => {
    await use('*', 'twilio');
    const [id] = (await build(1)) as [string];
    sender.twilio.faults.set({ always: { kind: 'status', status: 403, code: 21408 } });
    await sender.send(id);
    await live(10);
    expect(await sender.message(id)).toMatchObject({ state: 'rejected', failureCode: 'no_route' });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
    expect(await providersOf(id)).toEqual(['twilio']);
  });
});

describe('reports', () => {
  test('of one provider for an attempt at the other are nobody’s', async () => {
    const [id] = (await build(1)) as [string];
    await sender.send(id);
    const [attempt] = await sender.attempts(id);
    const body = new URLSearchParams({ MessageSid: 'SM1', MessageStatus: 'delivered' }).toString();
    const [result] = await sender.applyWebhooks([{ source: 'twilio', body, attempt: attempt?.id as string }]);
    expect(result).toContain('1 unknown');
    expect(await sender.message(id)).toMatchObject({ state: 'submitted' });
    await expectDeliveredOnce([id]);
  });

  test('that are lost are asked for, each at the provider of its attempt', async () => {
    await use('SK', 'twilio');
    const [czech] = (await build(1)) as [string];
    const [slovak] = (await build(1, { country: 'SK', recipient: '+421905123456' })) as [string];
    sender.simulator.faults.set({ reports: { lose: 100 } });
    sender.twilio.faults.set({ callbacks: { lose: 100 } });
    await sender.send(czech, slovak);
    await sender.deliver();
    await sender.lookUp(czech, slovak);
    expect(sender.simulator.requests()).toMatchObject({ 'GET /v1/message': { '200': 1 } });
    expect(sender.twilio.requests()).toMatchObject({ 'GET Messages/:sid.json': { '200': 1 } });
    await expectDeliveredOnce([czech, slovak]);
  });
});
