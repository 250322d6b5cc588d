import { resumeProvider } from '@tollgate/shared/messages/provider-status.ts';
import { buildMessage, buildMessages } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(() => sender.reset());

async function resumeByItself() {
  sender.clock.advance(MINUTE_MS);
  await sender.watchProvider();
  await sender.sweep();
}

const noCredit = { result: 'rejected', resultInfo: '[307] Insufficient credit' } as const;

describe('while the provider is blocked', () => {
  test('nothing is handed over, nothing is lost, and no attempt is spent', async () => {
    const tenant = await buildTenant(sender.prisma);
    const [first, ...others] = (await buildMessages(sender.prisma, tenant, [{}, {}, {}])).map(
      ({ id }) => id,
    ) as [string, ...string[]];
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 403 }] });
    await sender.send(first);
    for (let turn = 0; turn < 20; turn += 1) {
      await sender.send(first, ...others);
      sender.clock.advance(SECOND_MS);
    }
    expect(sender.simulator.requests()).toMatchObject({ 'POST /v2/messages': { '403': 1 } });
    for (const id of others) {
      expect(await sender.message(id)).toMatchObject({
        state: 'accepted',
        holdReason: 'provider',
        attemptCount: 0,
      });
    }
    await resumeByItself();
    expect(sender.simulator.received()).toHaveLength(3);
    await sender.deliver();
    for (const id of [first, ...others])
      expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
  });

  test('the account is looked at ever more rarely, and nothing is sent while it is unwell', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({
      nextSends: [{ kind: 'auth400' }],
      lookups: { kind: 'status', status: 403 },
    });
    await sender.send(id);
    for (let minute = 0; minute < 16; minute += 1) await resumeByItself();
    // After 1, 3, 7 and 15 minutes.
    expect(sender.simulator.requests()).toMatchObject({ 'GET /v1/credit': { '403': 4 } });
    expect(sender.simulator.received()).toHaveLength(0);
    sender.simulator.faults.clear();
    for (let minute = 0; minute < 15; minute += 1) await resumeByItself();
    expect(sender.simulator.received()).toHaveLength(1);
  });

  test('a message whose validity ends expires and frees its credit', async () => {
    const tenant = await buildTenant(sender.prisma);
    const expiresAt = new Date(sender.clock.now().getTime() + 10 * MINUTE_MS);
    const { id } = await buildMessage(sender.prisma, tenant, { category: 'priority', expiresAt });
    sender.simulator.faults.set({
      always: { kind: 'status', status: 401 },
      lookups: { kind: 'status', status: 401 },
    });
    await sender.send(id);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 1_500_000n });
    sender.clock.advance(10 * MINUTE_MS);
    await sender.sweep();
    expect(await sender.message(id)).toMatchObject({ state: 'expired', failureCode: 'validity_over' });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
    expect(sender.simulator.received()).toHaveLength(0);
  });

  test('an operator resumes it at once', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 403 }] });
    await sender.send(id);
    const operator = { provider: 'sms-manager', at: sender.clock.now(), by: 'ops@example.com' };
    expect(await resumeProvider(sender.prisma, operator)).toBe(true);
    expect(await resumeProvider(sender.prisma, operator)).toBe(false);
    await sender.watchProvider();
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(1);
  });

  test('a message that was held while the block was lifted is found at the next turn', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id, expiresAt } = await buildMessage(sender.prisma, tenant);
    await sender.prisma.message.update({
      where: { id },
      data: { holdReason: 'provider', wakeAt: expiresAt },
    });
    await sender.watchProvider();
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(1);
  });
});

test('what waits for a silent provider is not woken before the pause is over', async () => {
  const tenant = await buildTenant(sender.prisma);
  const { id } = await buildMessage(sender.prisma, tenant);
  const wakeAt = new Date(sender.clock.now().getTime() + MINUTE_MS);
  await sender.prisma.message.update({ where: { id }, data: { holdReason: 'provider', wakeAt } });
  await sender.watchProvider();
  expect(await sender.message(id)).toMatchObject({ wakeAt });
});

describe('a rejection for want of our credit at the provider', () => {
  test('keeps the message and its reservation, stops sending, and sends again once there is credit', async () => {
    const tenant = await buildTenant(sender.prisma);
    const [first, second] = (await buildMessages(sender.prisma, tenant, [{}, {}])).map(({ id }) => id) as [
      string,
      string,
    ];
    sender.simulator.faults.set({ reports: noCredit, credit: 0 });
    await sender.send(first);
    await sender.deliver();
    await sender.send(second);
    expect(await sender.message(first)).toMatchObject({ state: 'submitted', holdReason: 'provider' });
    expect(await sender.attempts(first)).toMatchObject([
      { outcome: 'provider_blocked', failureCode: 'provider_credit' },
    ]);
    expect(await sender.message(second)).toMatchObject({ state: 'accepted', holdReason: 'provider' });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 1_500_000n });
    await resumeByItself();
    expect(sender.simulator.received()).toHaveLength(1);
    sender.simulator.faults.clear();
    sender.clock.advance(15 * MINUTE_MS);
    await resumeByItself();
    expect(sender.simulator.received()).toHaveLength(3);
    await sender.deliver();
    for (const id of [first, second]) expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect(await sender.account(tenant.id)).toMatchObject({
      balanceMicros: 997_000_000n,
      reservedMicros: 0n,
    });
  });

  test('keeps the message also where the listing, which shows it as not delivered, was asked before', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({
      reports: noCredit,
      credit: 0,
      nextSends: [{ kind: 'cut', afterTaking: true }],
    });
    await sender.send(id);
    await sender.deliver();
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'unknown', holdReason: 'provider' });
    sender.simulator.faults.clear();
    await resumeByItself();
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
  });

  test('followed by a hand-over that nobody can tell of is settled by its report', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ reports: noCredit });
    await sender.send(id);
    await sender.deliver();
    sender.simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking: true }] });
    await resumeByItself();
    expect(await sender.attempts(id)).toMatchObject([
      { outcome: 'provider_blocked' },
      { outcome: 'unknown' },
    ]);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
    expect(await sender.discrepancies(tenant.id)).toEqual([]);
  });

  test('of a tenant charged on acceptance: the price is given back when the message expires unsent', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { chargeOn: 'accepted' });
    sender.simulator.faults.set({ reports: noCredit, credit: 0 });
    await sender.send(id);
    expect(await sender.account(tenant.id)).toMatchObject({ balanceMicros: 998_500_000n });
    await sender.deliver();
    sender.clock.advance(24 * HOUR_MS);
    await sender.sweep();
    expect(await sender.message(id)).toMatchObject({ state: 'expired' });
    expect(await sender.account(tenant.id)).toMatchObject({
      balanceMicros: 1_000_000_000n,
      reservedMicros: 0n,
    });
  });
});
