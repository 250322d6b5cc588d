import type { NewMessage } from '@tollgate/shared/messages/message.ts';
import { sendCampaigns, sendMessages, sendMessagesPriority } from '@tollgate/shared/queues/catalog.ts';
import { buildBatch } from '@tollgate/shared/testing/build-batch.ts';
import { buildMessages, type MessageOverrides } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { describeOnEachQueue } from '@tollgate/shared/testing/test-queues.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(() => sender.reset());

/** Accepted messages of a tenant of their own. */
async function acceptMessages(count: number, override: MessageOverrides = {}): Promise<NewMessage[]> {
  const tenant = await buildTenant(sender.prisma, { balanceMicros: 1_000_000_000n });
  const batchId = await buildBatch(sender.prisma, tenant);
  return buildMessages(
    sender.prisma,
    tenant,
    Array.from({ length: count }, () => ({ batchId, ...override })),
  );
}

const idsOf = (messages: readonly { id: string }[]) => messages.map(({ id }) => id);
const accepted = async (count: number) => idsOf(await acceptMessages(count));

const countSubmitted = (ids: readonly string[]) =>
  sender.prisma.message.count({ where: { id: { in: [...ids] }, submittedAt: { not: null } } });

const areSubmitted = async (ids: readonly string[]) => (await countSubmitted(ids)) === ids.length;

/** How many messages each transaction claimed, largest first. */
async function claimSizes(ids: readonly string[]): Promise<number[]> {
  const claims = await sender.prisma.$queryRaw<{ size: number }[]>`
    SELECT count(*)::int AS size FROM credit_reservations
    WHERE message_id = ANY (${ids}::uuid[]) GROUP BY xmin::text ORDER BY size DESC`;
  return claims.map(({ size }) => size);
}

describeOnEachQueue('a campaign', (backend) => {
  test('is handed over a hundred at a time while nobody sends single messages', async () => {
    await using lanes = await sender.consume(backend);
    const campaign = await accepted(100);
    await lanes.enqueue(sendCampaigns, { messageIds: campaign });
    await until('the campaign is handed over', () => areSubmitted(campaign));
    expect(await claimSizes(campaign)).toEqual([100]);
    expect(sender.simulator.received()).toHaveLength(100);
  });

  test.each([sendMessages, sendMessagesPriority])(
    'is handed over ten at a time, and all of it once, while others send through $name',
    async (lane) => {
      await using lanes = await sender.consume(backend);
      const campaign = await accepted(105);
      const singles = await accepted(100);
      const sendSingle = async (id: string) => {
        await lanes.enqueue(lane, { messageIds: [id] });
        await until('a single message is handed over', () => areSubmitted([id]));
      };
      await sendSingle(singles[0] as string);
      await lanes.enqueue(sendCampaigns, { messageIds: campaign.slice(0, 100) });
      await lanes.enqueue(sendCampaigns, { messageIds: campaign.slice(100) });
      let sent = 1;
      for (const id of singles.slice(1)) {
        if (await areSubmitted(campaign)) break;
        await sendSingle(id);
        sent += 1;
      }
      await until('the campaign is handed over', () => areSubmitted(campaign));
      expect(await claimSizes(campaign)).toEqual([...Array.from({ length: 10 }, () => 10), 5]);
      expect(sender.simulator.received()).toHaveLength(105 + sent);
    },
  );

  test('of urgent messages is overtaken by a one-time code of somebody else', async () => {
    await using lanes = await sender.consume(backend);
    const many = await acceptMessages(500, { category: 'priority' });
    const codes = await acceptMessages(1, { category: 'priority' });
    await lanes.enqueueSends(many);
    await until('they are under way', async () => (await countSubmitted(idsOf(many))) > 0);
    await lanes.enqueueSends(codes.map(({ batchId: _, ...code }) => code));
    await until('the code is handed over', () => areSubmitted(idsOf(codes)));
    expect(await countSubmitted(idsOf(many))).toBeLessThan(100);
    await until('all are handed over', () => areSubmitted(idsOf(many)), { withinMs: 30_000 });
  });

  test('with a message that cannot be stored loses none of the others, also while single messages come', async () => {
    await using lanes = await sender.consume(backend);
    const { prisma } = sender;
    const campaign = await accepted(100);
    const [single] = await accepted(1);
    const poison = campaign[4] as string;
    const innocents = campaign.filter((id) => id !== poison);
    // Its next attempt has a number that the database refuses.
    await prisma.message.update({ where: { id: poison }, data: { attemptCount: 2 ** 31 - 1 } });
    await lanes.enqueue(sendMessages, { messageIds: [single as string] });
    await until('the single message is handed over', () => areSubmitted([single as string]));
    await lanes.enqueue(sendCampaigns, { messageIds: campaign });
    await until('its job waits for another try', async () => (await lanes.countDelayed(sendCampaigns)) === 1);
    expect(await countSubmitted(innocents)).toBe(99);
    expect(await prisma.messageAttempt.count({ where: { messageId: { in: innocents } } })).toBe(99);
    await prisma.message.update({ where: { id: poison }, data: { attemptCount: 0 } });
    await until('it is handed over with a later try', () => areSubmitted([poison]));
    expect(sender.simulator.received()).toHaveLength(101);
  });
});

test('a campaign that a sweep wakes once more stands behind everybody’s first hundred', async () => {
  const many = await acceptMessages(250);
  await sender.prisma.message.updateMany({
    where: { id: { in: idsOf(many) } },
    data: { wakeAt: sender.clock.now() },
  });
  const woken = await sender.sweep();
  expect(woken.map(({ queue, priority }) => [queue, priority])).toEqual([
    [sendCampaigns.name, 3],
    [sendCampaigns.name, 4],
    [sendCampaigns.name, 5],
  ]);
});
