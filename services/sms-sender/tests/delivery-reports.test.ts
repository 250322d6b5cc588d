import { buildMessage, buildMessages } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(() => sender.reset());

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
      expect.stringContaining('0 reports, 0 inbound, 1 ignored'),
    ]);
  });

  test('that overtake the answer to the hand-over are not undone by it', async () => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'hang', afterTaking: true }] });
    const handOver = sender.send(id);
    await expect.poll(() => sender.simulator.received().length).toBe(1);
    await sender.deliver();
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
    await sender.deliver();
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
    await sender.deliver();
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

  test('"sent", "rejected", "delivered" in any order come to one price paid', async () => {
    const orders = [
      ['sent', 'rejected', 'delivered'],
      ['rejected', 'sent', 'delivered'],
      ['delivered', 'rejected', 'sent'],
      ['sent', 'delivered', 'rejected'],
    ];
    for (const order of orders) {
      const tenant = await buildTenant(sender.prisma);
      const { id } = await buildMessage(sender.prisma, tenant);
      await sender.send(id);
      const [attempt] = await sender.attempts(id);
      for (const result of order) {
        const event = {
          type: 'outgoing',
          timestamp: 1_800_000_000,
          payload: { attempt: attempt?.id },
          result,
        };
        await sender.applyWebhooks([{ attempt: null, body: JSON.stringify([event]) }]);
      }
      expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
      expect(await sender.account(tenant.id)).toMatchObject({
        balanceMicros: 998_500_000n,
        reservedMicros: 0n,
      });
      expect(await sender.discrepancies(tenant.id)).toEqual([]);
    }
  });
});

describe('reports that come together', () => {
  const event = (attempt: string | undefined, result: string, result_info?: string) => ({
    type: 'outgoing',
    timestamp: 1_800_000_000,
    payload: { attempt },
    result,
    ...(result_info === undefined ? {} : { result_info }),
  });

  test.each([
    ['rejected', 'sending'],
    ['sending', 'rejected'],
  ])('"%s" and "%s" [307] keep a message that our credit did not suffice for', async (...results) => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    await sender.send(id);
    const [attempt] = await sender.attempts(id);
    const events = results.map((result) =>
      event(attempt?.id, result, result === 'rejected' ? '[307] Insufficient credit' : undefined),
    );
    await sender.applyWebhooks([{ attempt: null, body: JSON.stringify(events) }]);
    expect(await sender.message(id)).toMatchObject({ state: 'submitted', holdReason: 'provider' });
    expect(await sender.attempts(id)).toMatchObject([{ outcome: 'provider_blocked' }]);
  });

  test.each([
    [['failed', 'sent', 'rejected']],
    [['sent', 'failed', 'rejected']],
    [['rejected', 'failed', 'sent']],
  ])('%j leave no charge, in whatever order they come', async (results) => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant);
    await sender.send(id);
    const [attempt] = await sender.attempts(id);
    for (const result of results) {
      await sender.applyWebhooks([{ attempt: null, body: JSON.stringify([event(attempt?.id, result)]) }]);
    }
    expect(await sender.account(tenant.id)).toMatchObject({
      balanceMicros: 1_000_000_000n,
      reservedMicros: 0n,
    });
    expect(await sender.discrepancies(tenant.id)).toEqual([]);
  });
});

describe('a reply that says STOP', () => {
  const reply = (attempt: string | undefined, body: string) => ({
    attempt: null,
    body: JSON.stringify([
      { type: 'incoming', sender: '420777123456', recipient: '420600', body, payload: { attempt } },
    ]),
  });

  test('keeps messages of that tenant that are waiting already from being sent, and of no other', async () => {
    const [tenant, neighbour] = [await buildTenant(sender.prisma), await buildTenant(sender.prisma)];
    const [sent, waiting] = (await buildMessages(sender.prisma, tenant, [{}, {}])).map(({ id }) => id) as [
      string,
      string,
    ];
    const theirs = await buildMessage(sender.prisma, neighbour);
    await sender.send(sent);
    const [attempt] = await sender.attempts(sent);
    await sender.applyWebhooks([reply(attempt?.id, 'Odhlásit.')]);
    await sender.send(waiting, theirs.id);
    expect(await sender.message(waiting)).toMatchObject({
      state: 'rejected',
      failureCode: 'recipient_opted_out',
    });
    expect(await sender.message(theirs.id)).toMatchObject({ state: 'submitted' });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 1_500_000n });
  });

  test('of a hand-over that is not ours changes nothing, nor does another reply', async () => {
    const tenant = await buildTenant(sender.prisma);
    const [sent, next] = (await buildMessages(sender.prisma, tenant, [{}, {}])).map(({ id }) => id) as [
      string,
      string,
    ];
    await sender.send(sent);
    const [attempt] = await sender.attempts(sent);
    await sender.applyWebhooks([reply(crypto.randomUUID(), 'STOP'), reply(attempt?.id, 'Díky, přijdu')]);
    await sender.send(next);
    expect(await sender.message(next)).toMatchObject({ state: 'submitted' });
  });
});

test.each([403, 429] as const)(
  'of a message that the provider took although it answered %i settle it, and it comes to an end',
  async (status) => {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { acceptedAt: sender.clock.now() });
    sender.simulator.faults.set({
      nextSends: [{ kind: 'status', status, afterTaking: true }],
      reports: { result: 'sentOnly' },
    });
    await sender.send(id);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'sent' });
    expect(await sender.attempts(id)).toMatchObject([{ outcome: 'accepted' }]);
    sender.clock.advance(73 * HOUR_MS);
    await sender.sweep();
    expect(await sender.message(id)).toMatchObject({
      state: 'sent',
      failureCode: 'no_receipt',
      wakeAt: null,
    });
    expect(sender.simulator.received()).toHaveLength(1);
  },
);
