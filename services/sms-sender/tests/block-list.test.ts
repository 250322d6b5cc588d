import { blockNumbers, unblockNumber } from '@tollgate/shared/opt-outs/block-list.ts';
import { storeOptOuts } from '@tollgate/shared/opt-outs/opt-outs.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(() => sender.reset());

const recipient = '+420777000001';
const block = () =>
  blockNumbers(sender.prisma, { recipients: [recipient], reason: 'asked us', by: 'op' }, sender.clock.now());
const entry = () =>
  sender.prisma.providerBlockEntry.findUniqueOrThrow({
    where: { provider_recipient: { provider: 'sms-manager', recipient } },
  });

test('what was accepted for a number that is blocked since is not sent, by nobody, and costs nothing', async () => {
  for (const category of ['transactional', 'priority'] as const) {
    const tenant = await buildTenant(sender.prisma);
    const { id } = await buildMessage(sender.prisma, tenant, { recipient, category });
    await block();
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject({ state: 'rejected', failureCode: 'recipient_blocked' });
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  }
  expect(sender.simulator.received()).toEqual([]);
  await unblockNumber(sender.prisma, recipient, sender.clock.now());
});

test('an opt-out keeps its own tenant from sending, and no other', async () => {
  const [asked, other] = [await buildTenant(sender.prisma), await buildTenant(sender.prisma)];
  const messages = [
    await buildMessage(sender.prisma, asked, { recipient }),
    await buildMessage(sender.prisma, other, { recipient }),
  ];
  await storeOptOuts(
    sender.prisma,
    [{ tenantId: asked.id, recipient, source: 'tenant' }],
    sender.clock.now(),
  );
  await sender.send(...messages.map(({ id }) => id));
  const states = await Promise.all(messages.map(({ id }) => sender.message(id)));
  expect(states).toMatchObject([
    { state: 'rejected', failureCode: 'recipient_opted_out' },
    { state: 'submitted' },
  ]);
});

test('the provider’s own list follows, also after it refused, and the last wish counts', async () => {
  await block();
  await sender.tellProviders('wrong-key');
  expect(await entry()).toMatchObject({ toldAt: null, lastError: 'HTTP 403' });
  await sender.tellProviders();
  expect(await entry(), 'not asked again at once').toMatchObject({ toldAt: null });
  sender.clock.advance(2 * MINUTE_MS);
  await sender.tellProviders();
  expect(await entry()).toMatchObject({
    wish: 'add',
    toldAt: expect.any(Date),
    wakeAt: null,
    lastError: null,
  });
  await sender.tellProviders();
  expect(sender.simulator.requests()).toMatchObject({ 'POST /v1/blacklist': { '200': 1, '403': 1 } });

  await unblockNumber(sender.prisma, recipient, sender.clock.now());
  expect(await entry()).toMatchObject({ wish: 'remove', toldAt: null });
  await sender.tellProviders();
  expect(await entry()).toMatchObject({ wish: 'remove', toldAt: expect.any(Date) });
  expect(sender.simulator.requests()).toMatchObject({ 'DELETE /v1/blacklist': { '200': 1 } });
});
