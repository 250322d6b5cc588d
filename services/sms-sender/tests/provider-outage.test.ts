import { buildMessage, buildMessages } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(() => sender.reset());

const calls = () => {
  const answers = Object.entries(sender.simulator.requests())
    .filter(([endpoint]) => endpoint.startsWith('POST'))
    .flatMap(([, counts]) => Object.values(counts));
  return answers.reduce((sum, count) => sum + count, 0);
};

describe('a provider that fell silent', () => {
  test('is not called after three calls without an answer; then one message probes', async () => {
    const tenant = await buildTenant(sender.prisma);
    const messages = await buildMessages(
      sender.prisma,
      tenant,
      Array.from({ length: 12 }, () => ({})),
    );
    const ids = messages.map(({ id }) => id);
    sender.simulator.faults.set({ always: { kind: 'status', status: 503 } });
    for (const id of ids.slice(0, 3)) await sender.send(id);
    await sender.send(...ids.slice(3));
    expect(calls()).toBe(3);
    for (const id of ids.slice(3)) {
      expect(await sender.message(id)).toMatchObject({
        state: 'accepted',
        holdReason: 'provider',
        attemptCount: 0,
      });
    }
    sender.clock.advance(5 * SECOND_MS);
    await sender.send(...ids.slice(3));
    expect(calls()).toBe(4);
    sender.simulator.faults.clear();
    sender.clock.advance(10 * SECOND_MS);
    await sender.send(...ids.slice(4));
    expect(sender.simulator.received()).toHaveLength(1);
    sender.clock.advance(10 * SECOND_MS);
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(8);
  });

  test('for two minutes loses nothing, doubles nothing, and lets what grew stale expire', async () => {
    const tenant = await buildTenant(sender.prisma);
    const now = sender.clock.now();
    const otp = { category: 'priority', expiresAt: new Date(now.getTime() + MINUTE_MS) } as const;
    const [stale, ...lasting] = (
      await buildMessages(sender.prisma, tenant, [otp, ...Array(30).fill({})])
    ).map(({ id }) => id) as [string, ...string[]];
    sender.simulator.faults.set({ always: { kind: 'refuse' } });
    await sender.send(stale);
    sender.simulator.faults.set({
      always: { kind: 'cut', afterTaking: false },
      lookups: { kind: 'status', status: 503 },
    });
    for (let second = 0; second < 120; second += 5) {
      await sender.sweep();
      sender.clock.advance(5 * SECOND_MS);
    }
    expect(calls()).toBeLessThan(15);
    sender.simulator.faults.clear();
    for (let minute = 0; minute < 15; minute += 1) {
      await sender.sweep();
      sender.clock.advance(MINUTE_MS);
    }
    await sender.deliver();
    // Also the OTP that had become unknown: once the provider denies it, it is too late for another try.
    expect(await sender.message(stale)).toMatchObject({ state: 'expired' });
    expect(sender.simulator.received()).toHaveLength(lasting.length);
    for (const id of lasting) expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect(await sender.account(tenant.id)).toMatchObject({
      reservedMicros: 0n,
      balanceMicros: 955_000_000n,
    });
  });

  test('what was claimed before it fell silent is not posted into the silence', async () => {
    const tenant = await buildTenant(sender.prisma);
    const messages = await buildMessages(
      sender.prisma,
      tenant,
      Array.from({ length: 30 }, () => ({ category: 'priority' as const, acceptedAt: sender.clock.now() })),
    );
    sender.simulator.faults.set({ always: { kind: 'cut', afterTaking: false } });
    await sender.send(...messages.map(({ id }) => id));
    const outcomes = await sender.prisma.messageAttempt.groupBy({
      by: ['outcome', 'failureCode'],
      where: { tenantId: tenant.id },
      _count: true,
    });
    const unknown = outcomes.find(({ outcome }) => outcome === 'unknown')?._count ?? 0;
    // Eight calls are under way at once; the third that fails keeps the rest back.
    expect(unknown).toBeLessThanOrEqual(11);
    expect(outcomes).toContainEqual({
      outcome: 'unavailable',
      failureCode: 'not_posted',
      _count: 30 - unknown,
    });
  });
});

test('a call that would be too late is not made', async () => {
  const tenant = await buildTenant(sender.prisma);
  const { id } = await buildMessage(sender.prisma, tenant, {
    expiresAt: new Date(sender.clock.now().getTime() + 1),
  });
  sender.clock.advance(SECOND_MS);
  await sender.send(id);
  expect(calls()).toBe(0);
  expect(await sender.message(id)).toMatchObject({ state: 'expired' });
});
