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

describe('a hand-over whose outcome is unknown', () => {
  test('is not repeated: a report that arrives settles it, with one charge', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'hang', afterTaking: true }] });
    await sender.send(id);
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'unknown', attemptCount: 1 });
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect(sender.simulator.received()).toHaveLength(1);
    expect((await sender.entries(tenant.id)).filter(({ kind }) => kind === 'sms_send')).toHaveLength(1);
  });

  test('is settled by the day listing when the report was lost', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking: true }], reports: { lose: 100 } });
    await sender.send(id);
    await sender.simulator.flushReports();
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', providerParts: 1 });
    expect(await sender.attempts(id)).toMatchObject([
      { outcome: 'accepted', providerMessageId: expect.any(String) },
    ]);
    expect(sender.simulator.received()).toHaveLength(1);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });

  test('is repeated only after the provider denied it past the grace time', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking: false }] });
    await sender.send(id);
    await sender.lookUp(id);
    await sender.send(id);
    expect(sender.simulator.received()).toHaveLength(0);
    sender.clock.advance(10 * MINUTE_MS);
    await sender.lookUp(id);
    sender.clock.advance(MINUTE_MS);
    await sender.send(id);
    expect(sender.simulator.received()).toHaveLength(1);
    expect(await sender.message(id)).toMatchObject({ state: 'submitted', attemptCount: 2 });
  });

  test.each([
    ['an OTP is sent once more, and charged once', 'priority', 2],
    ['a promotion waits for the truth, however long', 'promotional', 1],
  ] as const)('where nobody can tell in time: %s', async (_, category, sms) => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { category, acceptedAt: sender.clock.now() });
    sender.simulator.faults.set({
      nextSends: [{ kind: 'cut', afterTaking: true }],
      lookups: { kind: 'status', status: 500 },
      reports: { lose: 100 },
    });
    await sender.send(id);
    for (let minute = 0; minute < 8; minute += 1) {
      sender.clock.advance(MINUTE_MS);
      await sender.lookUp(id);
      await sender.send(id);
    }
    expect(sender.simulator.received()).toHaveLength(sms);
    sender.simulator.faults.clear();
    await sender.simulator.flushReports();
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', attemptCount: sms });
    expect((await sender.entries(tenant.id)).filter(({ kind }) => kind === 'sms_send')).toHaveLength(1);
    expect(await sender.discrepancies(tenant.id)).toEqual([]);
  });

  test('while the provider can not be reached at all, the message was not taken and is tried again', async () => {
    const lonely = await startSenderFixture({ providerUrl: 'http://127.0.0.1:9/nobody-listens' });
    try {
      const tenant = await buildTenant(lonely.prisma);
      const { id } = await buildMessage(lonely.prisma, tenant);
      await lonely.send(id);
      expect(await lonely.message(id)).toMatchObject({ state: 'sending' });
      expect(await lonely.attempts(id)).toMatchObject([
        { outcome: 'unavailable', failureDetail: 'no answer (ECONNREFUSED)' },
      ]);
    } finally {
      await lonely.close();
    }
  });
});

test('a report of an earlier attempt that comes while the next is in flight does not undo its neighbours', async () => {
  const tenant = await buildTenant(sender.prisma);
  const [twice, other] = (await buildMessages(sender.prisma, tenant, [{}, {}])).map(({ id }) => id) as [
    string,
    string,
  ];
  sender.simulator.faults.set({ nextSends: [{ kind: 'refuse' }] });
  await sender.send(twice);
  const [first] = await sender.attempts(twice);
  sender.clock.advance(SECOND_MS);
  sender.simulator.faults.set({ nextSends: [{ kind: 'hang', afterTaking: false }] });
  const inFlight = sender.send(twice, other);
  await expect.poll(async () => (await sender.attempts(other)).length).toBe(1);
  const report = {
    type: 'outgoing',
    timestamp: 1_800_000_000,
    payload: { attempt: first?.id },
    result: 'sent',
  };
  await sender.applyWebhooks([{ attempt: null, body: JSON.stringify([report]) }]);
  await inFlight;
  expect(await sender.message(twice)).toMatchObject({ state: 'sent' });
  expect(await sender.message(other)).toMatchObject({ state: 'unknown' });
});

describe('where an attempt that was denied turns out as accepted while the next is in flight', () => {
  const reportOf = (attempt: string | undefined, result: string) => ({
    attempt: null,
    body: JSON.stringify([{ type: 'outgoing', timestamp: 1_800_000_000, payload: { attempt }, result }]),
  });

  /** A message whose first attempt was refused and whose second is unknown. */
  async function withTwoAttempts() {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { acceptedAt: sender.clock.now() });
    sender.simulator.faults.set({ nextSends: [{ kind: 'refuse' }, { kind: 'cut', afterTaking: false }] });
    await sender.send(id);
    sender.clock.advance(SECOND_MS);
    await sender.send(id);
    const [first] = await sender.attempts(id);
    return { tenant, id, first };
  }

  test('the message stays sent and charged when the second is denied after its validity', async () => {
    const { tenant, id, first } = await withTwoAttempts();
    await sender.applyWebhooks([reportOf(first?.id, 'sent')]);
    sender.clock.advance(25 * HOUR_MS);
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'sent', finishedAt: null });
    expect(await sender.attempts(id)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'unavailable' }]);
    expect((await sender.entries(tenant.id)).map(({ kind }) => kind)).toEqual(['purchase', 'sms_send']);
  });

  test('a refusal of the second does not end the message', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { acceptedAt: sender.clock.now() });
    sender.simulator.faults.set({ nextSends: [{ kind: 'refuse' }, { kind: 'status', status: 400 }] });
    await sender.send(id);
    const [first] = await sender.attempts(id);
    sender.clock.advance(SECOND_MS);
    await sender.sendWhile(id, () => sender.applyWebhooks([reportOf(first?.id, 'sending')]));
    expect(await sender.message(id)).toMatchObject({ state: 'submitted' });
    await sender.applyWebhooks([reportOf(first?.id, 'delivered')]);
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect(await sender.discrepancies(tenant.id)).toEqual([]);
  });

  test('a failure of the first that was reported meanwhile ends the message once the second is refused', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { acceptedAt: sender.clock.now() });
    sender.simulator.faults.set({ nextSends: [{ kind: 'refuse' }, { kind: 'refuse' }] });
    await sender.send(id);
    const [first] = await sender.attempts(id);
    sender.clock.advance(SECOND_MS);
    await sender.sendWhile(id, () => sender.applyWebhooks([reportOf(first?.id, 'failed')]));
    expect(await sender.message(id)).toMatchObject({ state: 'failed', failureCode: 'failed' });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
    expect(await sender.discrepancies(tenant.id)).toEqual([]);
  });

  test('a failure of the first ends the message once the provider denies the second', async () => {
    const { tenant, id, first } = await withTwoAttempts();
    await sender.applyWebhooks([reportOf(first?.id, 'failed')]);
    sender.clock.advance(11 * MINUTE_MS);
    await sender.lookUp(id);
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'failed', wakeAt: null });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });

  test('an acceptance that was taken back meanwhile does not end the wait for credit', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { acceptedAt: sender.clock.now() });
    await sender.sendWhile(id, async () => {
      const [attempt] = await sender.attempts(id);
      const refusal = {
        ...JSON.parse(reportOf(attempt?.id, 'rejected').body)[0],
        result_info: '[307] no credit',
      };
      await sender.applyWebhooks([{ attempt: null, body: JSON.stringify([refusal]) }]);
    });
    expect(await sender.message(id)).toMatchObject({ holdReason: 'provider' });
  });
});
