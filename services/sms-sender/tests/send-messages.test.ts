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

    await sender.deliver();
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
    await sender.deliver();
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
    await sender.deliver();
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
