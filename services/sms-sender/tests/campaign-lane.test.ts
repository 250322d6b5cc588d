import { sendCampaigns, sendMessages, sendMessagesPriority } from '@tollgate/shared/queues/catalog.ts';
import { buildMessages } from '@tollgate/shared/testing/build-message.ts';
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

/** Ids of accepted messages of a tenant of their own. */
async function accepted(count: number): Promise<string[]> {
  const tenant = await buildTenant(sender.prisma, { balanceMicros: 1_000_000_000n });
  const messages = await buildMessages(
    sender.prisma,
    tenant,
    Array.from({ length: count }, () => ({})),
  );
  return messages.map(({ id }) => id);
}

const areSubmitted = async (ids: readonly string[]) =>
  (await sender.prisma.message.count({ where: { id: { in: [...ids] }, submittedAt: null } })) === 0;

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
});
