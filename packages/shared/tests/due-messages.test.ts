import { afterAll, describe, expect, test } from 'vitest';
import { recordPurchase } from '../src/credit/record-purchase.ts';
import { newId } from '../src/ids/ids.ts';
import { openAttempts } from '../src/messages/attempts.ts';
import { takeDueMessages } from '../src/messages/due-messages.ts';
import { wakeHeldMessages } from '../src/messages/held-messages.ts';
import { moveMessages } from '../src/messages/move-messages.ts';
import { buildBatch } from '../src/testing/build-batch.ts';
import { buildMessage, buildMessages } from '../src/testing/build-message.ts';
import { buildTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { MINUTE_MS } from '../src/time/durations.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const tenant = await buildTenant(prisma);

const later = (ms: number) => new Date(testNow.getTime() + ms);

const short = { singles: false, campaigns: false, urgentCampaigns: false };
const ALL = { limit: 100, longLanes: short };

describe('waking due messages', () => {
  test('pushes each one forward, twice as far every time, up to about an hour', async () => {
    await prisma.message.updateMany({ data: { wakeAt: null } });
    const { id } = await buildMessage(prisma, tenant);
    const minutes: number[] = [];
    let now = testNow;
    for (let turn = 0; turn < 9; turn += 1) {
      const taken = await takeDueMessages(prisma, now, ALL);
      expect(taken).toMatchObject([{ id, category: 'transactional', isHandedOver: false }]);
      expect(await takeDueMessages(prisma, now, ALL)).toEqual([]);
      const { wakeAt } = await prisma.message.findUniqueOrThrow({ where: { id } });
      minutes.push(((wakeAt?.getTime() ?? 0) - now.getTime()) / MINUTE_MS);
      now = wakeAt ?? now;
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  });

  test('takes the longest waiting first, no more than asked for, and two sweeps share them', async () => {
    await prisma.message.updateMany({ data: { wakeAt: null } });
    const messages = await buildMessages(
      prisma,
      tenant,
      [3, 1, 2].map((ms) => ({ wakeAt: later(ms) })),
    );
    const idsOf = (taken: { id: string }[]) => taken.map(({ id }) => id);
    const wakeOrder = [messages[1]?.id, messages[2]?.id, messages[0]?.id];
    await prisma.$transaction(async (one) => {
      const first = await takeDueMessages(one, later(10), { ...ALL, limit: 2 });
      expect(idsOf(first).sort()).toEqual([wakeOrder[0], wakeOrder[1]].sort());
      expect(idsOf(await takeDueMessages(prisma, later(10), ALL))).toEqual([wakeOrder[2]]);
    });
  });
});

describe('while a lane is long, the sweep leaves what has its job there', () => {
  /** A message of every kind by its name, all of them due and none woken before. */
  async function everyKind() {
    await prisma.message.updateMany({ data: { wakeAt: null } });
    const batchId = await buildBatch(prisma, tenant);
    const priority = { category: 'priority' as const };
    const kinds = {
      single: {},
      code: priority,
      campaign: { batchId },
      urgentCampaign: { batchId, ...priority },
      scheduledCampaign: { batchId, sendAt: testNow },
      heldCampaign: { batchId },
      triedCampaign: { batchId },
      wokenCampaign: { batchId, sendAt: testNow },
    };
    const messages = await buildMessages(prisma, tenant, Object.values(kinds));
    const ids = Object.fromEntries(Object.keys(kinds).map((kind, index) => [kind, messages[index]?.id])) as {
      [Kind in keyof typeof kinds]: string;
    };
    await moveMessages(prisma, [
      { messageId: ids.heldCampaign, state: 'accepted', holdReason: 'rate', wakeAt: testNow },
    ]);
    await prisma.message.update({ where: { id: ids.triedCampaign }, data: { attemptCount: 1 } });
    await prisma.message.update({ where: { id: ids.wokenCampaign }, data: { wakeCount: 1 } });
    return { ids, nameOf: new Map(Object.entries(ids).map(([kind, id]) => [id, kind])) };
  }

  test.each([
    ['singles', ['single']],
    ['campaigns', ['campaign', 'wokenCampaign']],
    ['urgentCampaigns', ['urgentCampaign']],
  ] as const)('%s', async (lane, left) => {
    const { ids, nameOf } = await everyKind();
    const taken = await takeDueMessages(prisma, testNow, {
      limit: 100,
      longLanes: { ...short, [lane]: true },
    });
    const expected = Object.keys(ids).filter((kind) => !(left as readonly string[]).includes(kind));
    expect(taken.map(({ id }) => nameOf.get(id)).toSorted()).toEqual(expected.toSorted());
    const later = await takeDueMessages(prisma, testNow, ALL);
    expect(later.map(({ id }) => nameOf.get(id)).toSorted()).toEqual([...left].toSorted());
  });

  test('but not what the provider may have: it is asked about', async () => {
    const { ids } = await everyKind();
    const { campaign: messageId } = ids;
    const attempt = { messageId, tenantId: tenant.id, number: 1, provider: 'sms-manager' };
    await openAttempts(prisma, [{ id: newId(), ...attempt }], testNow);
    await prisma.message.update({ where: { id: messageId }, data: { attemptCount: 1 } });
    const longLanes = { singles: true, campaigns: true, urgentCampaigns: true };
    const taken = await takeDueMessages(prisma, testNow, { limit: 100, longLanes });
    expect(taken).toContainEqual(expect.objectContaining({ id: messageId, isHandedOver: true }));
  });
});

describe('held messages', () => {
  test('are woken when their reason is gone, those of other reasons and tenants are not', async () => {
    const neighbour = await buildTenant(prisma);
    const far = { wakeAt: later(60 * MINUTE_MS) };
    const [poor, blocked] = (await buildMessages(prisma, tenant, [far, far])).map(({ id }) => id) as [
      string,
      string,
    ];
    const { id: poorNeighbour } = await buildMessage(prisma, neighbour, far);
    const hold = (id: string, holdReason: 'credit' | 'provider') =>
      moveMessages(prisma, [{ messageId: id, state: 'accepted', holdReason, ...far }]);
    await hold(poor, 'credit');
    await hold(blocked, 'provider');
    await hold(poorNeighbour, 'credit');
    expect(await wakeHeldMessages(prisma, { reason: 'credit', tenantId: tenant.id }, testNow)).toBe(1);
    const due = await takeDueMessages(prisma, testNow, ALL);
    expect(due.map(({ id }) => id)).toContain(poor);
    expect(due.map(({ id }) => id)).not.toContain(blocked);
    expect(due.map(({ id }) => id)).not.toContain(poorNeighbour);
  });

  test('for credit are woken by a payment', async () => {
    const { id } = await buildMessage(prisma, tenant);
    await moveMessages(prisma, [
      { messageId: id, state: 'accepted', holdReason: 'credit', wakeAt: later(60 * MINUTE_MS) },
    ]);
    const payment = { reference: newId(), description: 'bank transfer', createdBy: 'test' };
    const { currency } = tenant;
    await prisma.$transaction((db) =>
      recordPurchase(db, { ...payment, tenantId: tenant.id, currency, amountMicros: 1n }, testNow),
    );
    expect(await prisma.message.findUnique({ where: { id } })).toMatchObject({ wakeAt: testNow });
  });
});
