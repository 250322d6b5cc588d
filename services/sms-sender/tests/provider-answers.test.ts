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

describe('the provider answers', () => {
  test.each([
    [
      { kind: 'status', status: 400 },
      { state: 'rejected', failureCode: 'provider_refused', holdReason: null },
      0n,
    ],
    [{ kind: 'auth400' }, { state: 'sending', holdReason: 'provider' }, 1_500_000n],
    [{ kind: 'status', status: 401 }, { state: 'sending', holdReason: 'provider' }, 1_500_000n],
    [{ kind: 'status', status: 403 }, { state: 'sending', holdReason: 'provider' }, 1_500_000n],
    [{ kind: 'status', status: 429 }, { state: 'sending', holdReason: null }, 1_500_000n],
    [{ kind: 'refuse' }, { state: 'sending', holdReason: null }, 1_500_000n],
    [{ kind: 'status', status: 500 }, { state: 'unknown' }, 1_500_000n],
    [{ kind: 'status', status: 503 }, { state: 'unknown' }, 1_500_000n],
    [{ kind: 'emptyAnswer' }, { state: 'unknown' }, 1_500_000n],
    [{ kind: 'cut', afterTaking: false }, { state: 'unknown' }, 1_500_000n],
    [{ kind: 'hang', afterTaking: false }, { state: 'unknown' }, 1_500_000n],
  ] as const)('%j: the message is %j and holds %d', async (fault, expected, reservedMicros) => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [fault] });
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject(expected);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros });
  });

  test('a refusal for now: the message is tried again later and sent once', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 429 }] });
    await sender.send(id);
    await sender.send(id);
    expect(sender.simulator.received()).toHaveLength(0);
    sender.clock.advance(SECOND_MS);
    await sender.send(id);
    expect(sender.simulator.received()).toHaveLength(1);
    expect(await sender.attempts(id)).toMatchObject([{ outcome: 'throttled' }, { outcome: 'accepted' }]);
  });

  test('a refusal of the whole call singles out the message at fault', async () => {
    const tenant = await buildTenant(sender.prisma);
    const [good, bad] = await buildMessages(sender.prisma, tenant, [{}, { sender: 'not a valid sender!' }]);
    await sender.send(good?.id as string, bad?.id as string);
    expect(await sender.message(good?.id as string)).toMatchObject({ state: 'submitted' });
    expect(await sender.message(bad?.id as string)).toMatchObject({ state: 'rejected' });
    expect(sender.simulator.received()).toHaveLength(1);
  });

  test('a bad key: nothing more is handed over until the block ends, and nothing is lost', async () => {
    const tenant = await buildTenant(sender.prisma);
    const [first, second] = await buildMessages(sender.prisma, tenant, [{}, {}]);
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 403 }] });
    await sender.send(first?.id as string);
    await sender.send(second?.id as string);
    expect(sender.simulator.requests()).toMatchObject({ 'POST /v2/messages': { '403': 1 } });
    expect(await sender.message(second?.id as string)).toMatchObject({
      state: 'accepted',
      holdReason: 'provider',
    });
    sender.clock.advance(MINUTE_MS);
    await sender.watchProvider();
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(2);
  });
});

test('after an unknown outcome calls carry one message, and more again as they succeed', async () => {
  const tenant = await buildTenant(sender.prisma);
  const messages = await buildMessages(
    sender.prisma,
    tenant,
    Array.from({ length: 11 }, () => ({})),
  );
  const ids = messages.map(({ id }) => id);
  sender.simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking: false }] });
  await sender.send(ids[0] as string);
  await sender.send(...ids.slice(1, 5));
  expect(sender.simulator.requests()).toMatchObject({ 'POST /v2/messages': { '200': 4 } });
  await sender.send(...ids.slice(5));
  expect(sender.simulator.requests()).toMatchObject({ 'POST /v2/messages': { '200': 5 } });
});

describe('after the last attempt', () => {
  test('the message fails, frees its credit and becomes one dead letter with the money at stake', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ always: { kind: 'refuse' } });
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await sender.send(id);
      sender.clock.advance(20 * MINUTE_MS);
    }
    expect(await sender.message(id)).toMatchObject({
      state: 'failed',
      failureCode: 'provider_unavailable',
      attemptCount: 8,
    });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
    const letters = await sender.prisma.deadLetter.findMany({ where: { tenantId: tenant.id } });
    expect(letters).toMatchObject([
      { failureClass: 'provider_unavailable', atStakeMicros: 1_500_000n, currency: 'CZK' },
    ]);
  });
});
