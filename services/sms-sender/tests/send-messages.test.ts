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
beforeEach(async () => {
  sender.simulator.reset();
  sender.webhooks.take();
  await sender.prisma.providerStatus.deleteMany();
});

/** Reports of everything the simulator took, applied. */
async function deliver() {
  await sender.simulator.flushReports();
  return sender.applyWebhooks(sender.webhooks.take());
}

describe('a message on its way', () => {
  test('is handed over once, delivered, and charged once at its quoted price', async () => {
    const tenant = await buildTenant(sender.prisma, { balanceMicros: 10_000_000n });
    const { id } = await buildMessage(sender.prisma, tenant, { body: 'Dobrý den' });

    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'submitted', attemptCount: 1 });
    expect(await sender.account(tenant.id)).toMatchObject({
      balanceMicros: 10_000_000n,
      reservedMicros: 1_500_000n,
    });

    await deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', wakeAt: null, providerParts: 1 });
    expect(await sender.account(tenant.id)).toMatchObject({ balanceMicros: 8_500_000n, reservedMicros: 0n });
    const entries = await sender.entries(tenant.id);
    expect(entries.map(({ kind, amountMicros }) => [kind, amountMicros])).toEqual([
      ['purchase', 10_000_000n],
      ['sms_send', -1_500_000n],
    ]);
    expect(sender.simulator.received()).toHaveLength(1);
    expect(sender.simulator.received()[0]).toMatchObject({ body: 'Dobrý den', phoneNumber: '420777123456' });
  });

  test('is handed over once however often and however many at once its job runs', async () => {
    const tenant = await buildTenant(sender.prisma);
    const messages = await buildMessages(
      sender.prisma,
      tenant,
      Array.from({ length: 20 }, () => ({})),
    );
    const ids = messages.map(({ id }) => id);
    await Promise.all(Array.from({ length: 6 }, () => sender.send(...ids)));
    await sender.send(...ids);
    expect(sender.simulator.received()).toHaveLength(20);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 30_000_000n });
  });

  test('goes ten to a call, except in the priority lane', async () => {
    const tenant = await buildTenant(sender.prisma);
    const plain = await buildMessages(
      sender.prisma,
      tenant,
      Array.from({ length: 25 }, () => ({})),
    );
    const urgent = await buildMessages(sender.prisma, tenant, [
      { category: 'priority' },
      { category: 'priority' },
    ]);
    await sender.send(...[...plain, ...urgent].map(({ id }) => id));
    expect(sender.simulator.requests()).toMatchObject({
      'POST /v2/messages': { '200': 3 },
      'POST /v2/message/priority': { '200': 2 },
    });
  });

  test('of a test key is reported like any other and never touches the account', async () => {
    const tenant = await buildTenant(sender.prisma, { balanceMicros: 0n });
    const { id } = await buildMessage(sender.prisma, tenant, { mode: 'test' });
    await sender.send(id);
    await deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect(await sender.entries(tenant.id)).toEqual([]);
    expect(sender.simulator.received()[0]).toMatchObject({ gateway: 'test' });
  });

  test('whose body does not open keeps nobody else from being sent', async () => {
    const tenant = await buildTenant(sender.prisma);
    const [broken, fine] = await buildMessages(sender.prisma, tenant, [{}, {}]);
    await sender.prisma.message.update({
      where: { id: broken?.id as string },
      data: { bodyEncrypted: new Uint8Array(40) },
    });
    await sender.send(broken?.id as string, fine?.id as string);
    expect(await sender.message(fine?.id as string)).toMatchObject({ state: 'submitted' });
    expect(await sender.message(broken?.id as string)).toMatchObject({
      state: 'sending',
      lastFailure: expect.stringContaining('MASTER_KEY'),
    });
  });

  test('waits for its time', async () => {
    const tenant = await buildTenant(sender.prisma);
    const notBefore = new Date(sender.clock.now().getTime() + HOUR_MS);
    const { id } = await buildMessage(sender.prisma, tenant, {
      acceptedAt: sender.clock.now(),
      sendAt: notBefore,
      notBefore,
    });
    await sender.send(id);
    expect(sender.simulator.received()).toHaveLength(0);
    sender.clock.advance(HOUR_MS);
    await sender.send(id);
    expect(sender.simulator.received()).toHaveLength(1);
  });

  test('past its validity expires, is never sent, and holds no credit', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { expiresAt: sender.clock.now() });
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'expired', failureCode: 'validity_over' });
    expect(sender.simulator.received()).toHaveLength(0);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });

  test('is refused when sending was switched off after it was accepted', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    await sender.prisma.smsSettings.update({ where: { tenantId: tenant.id }, data: { enabled: false } });
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'rejected', failureCode: 'sms_disabled' });
    expect(sender.simulator.received()).toHaveLength(0);
  });
});

describe('credit', () => {
  test('for ten lets exactly ten of fifty through, whoever sends them', async () => {
    const tenant = await buildTenant(sender.prisma, { balanceMicros: 15_000_000n });
    const messages = await buildMessages(
      sender.prisma,
      tenant,
      Array.from({ length: 50 }, () => ({})),
    );
    await Promise.all(messages.map(({ id }) => sender.send(id)));
    expect(sender.simulator.received()).toHaveLength(10);
    const states = await sender.prisma.message.groupBy({
      by: ['state'],
      where: { tenantId: tenant.id },
      _count: true,
    });
    expect(Object.fromEntries(states.map(({ state, _count }) => [state, _count]))).toEqual({
      submitted: 10,
      rejected: 40,
    });
    await deliver();
    expect(await sender.account(tenant.id)).toMatchObject({ balanceMicros: 0n, reservedMicros: 0n });
  });

  test('that is missing holds the message where the tenant asked for it, until credit comes', async () => {
    const tenant = await buildTenant(sender.prisma, {
      balanceMicros: 0n,
      smsSettings: { onInsufficientCredit: 'hold' },
    });
    const { id } = await buildMessage(sender.prisma, tenant);
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'accepted', holdReason: 'credit' });
    await sender.prisma.account.updateMany({
      where: { tenantId: tenant.id },
      data: { creditLimitMicros: 2_000_000n },
    });
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'submitted', holdReason: null });
  });

  test('one tenant without credit does not touch the batch of another', async () => {
    const poor = await buildTenant(sender.prisma, { balanceMicros: 0n });
    const rich = await buildTenant(sender.prisma);
    const refused = await buildMessage(sender.prisma, poor);
    const sent = await buildMessage(sender.prisma, rich);
    await sender.send(refused.id, sent.id);
    expect(await sender.message(refused.id)).toMatchObject({
      state: 'rejected',
      failureCode: 'insufficient_credit',
    });
    expect(await sender.message(sent.id)).toMatchObject({ state: 'submitted' });
  });
});

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
    await sender.send(first?.id as string, second?.id as string);
    expect(sender.simulator.received()).toHaveLength(2);
  });
});

describe('a hand-over whose outcome is unknown', () => {
  test('is not repeated: a report that arrives settles it, with one charge', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'hang', afterTaking: true }] });
    await sender.send(id);
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'unknown', attemptCount: 1 });
    await deliver();
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

test('after an unknown outcome calls carry one message, and more again as they succeed', async () => {
  const fixture = await startSenderFixture();
  try {
    const tenant = await buildTenant(fixture.prisma);
    const messages = await buildMessages(
      fixture.prisma,
      tenant,
      Array.from({ length: 11 }, () => ({})),
    );
    const ids = messages.map(({ id }) => id);
    fixture.simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking: false }] });
    await fixture.send(ids[0] as string);
    await fixture.send(...ids.slice(1, 5));
    expect(fixture.simulator.requests()).toMatchObject({ 'POST /v2/messages': { '200': 4 } });
    await fixture.send(...ids.slice(5));
    expect(fixture.simulator.requests()).toMatchObject({ 'POST /v2/messages': { '200': 5 } });
  } finally {
    await fixture.close();
  }
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

describe('after the last attempt', () => {
  test('the message fails, frees its credit and becomes one dead letter with the money at stake', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ always: { kind: 'status', status: 429 } });
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

describe('reports', () => {
  test('doubled, reordered and mixed with inbound messages come to one charge', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    await sender.send(id);
    await sender.simulator.flushReports();
    const bodies = sender.webhooks.take();
    const events = bodies.flatMap(({ body }) => JSON.parse(body) as object[]);
    const inbound = {
      type: 'incoming',
      sender: '420777000111',
      recipient: '420600',
      timestamp: 1,
      body: 'STOP',
    };
    const mixed = { attempt: null, body: JSON.stringify([...events.toReversed(), inbound, ...events]) };
    await sender.applyWebhooks([mixed, ...bodies]);
    await sender.applyWebhooks(bodies);
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect((await sender.entries(tenant.id)).filter(({ kind }) => kind === 'sms_send')).toHaveLength(1);
    expect(await sender.prisma.deliveryReport.count({ where: { messageId: id } })).toBe(2);
  });

  test('of attempts that are not ours, and bodies that are no JSON, are kept and change nothing', async () => {
    const stranger = [
      { type: 'outgoing', timestamp: 1, payload: { attempt: crypto.randomUUID() }, result: 'delivered' },
    ];
    const results = await sender.applyWebhooks([
      { attempt: null, body: JSON.stringify(stranger) },
      { attempt: null, body: '<html>' },
    ]);
    expect(results).toEqual([
      expect.stringContaining('1 unknown'),
      expect.stringContaining('0 reports, 1 ignored'),
    ]);
  });

  test('that overtake the answer to the hand-over are not undone by it', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'hang', afterTaking: true }] });
    const handOver = sender.send(id);
    await expect.poll(() => sender.simulator.received().length).toBe(1);
    await deliver();
    await handOver;
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });

  test('of a rejection free the credit and name the reason', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({
      reports: { result: 'rejected', resultInfo: '[302] Invalid phone number format' },
    });
    await sender.send(id);
    await deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'rejected', failureCode: 'invalid_recipient' });
    expect(await sender.account(tenant.id)).toMatchObject({
      reservedMicros: 0n,
      balanceMicros: 1_000_000_000n,
    });
  });

  test('with another part count change the cost, not what the tenant pays', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ reports: { partCount: 3 } });
    await sender.send(id);
    await deliver();
    expect(await sender.message(id)).toMatchObject({ providerParts: 3, priceMicros: 1_500_000n });
    expect(await sender.account(tenant.id)).toMatchObject({ balanceMicros: 998_500_000n });
  });

  test('that never arrive are asked for', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ reports: { lose: 100 } });
    await sender.send(id);
    await sender.simulator.flushReports();
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect((await sender.entries(tenant.id)).filter(({ kind }) => kind === 'sms_send')).toHaveLength(1);
  });
});
