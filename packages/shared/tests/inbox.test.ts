import { afterAll, describe, expect, test } from 'vitest';
import { UnsealError } from '../src/encryption/seal.ts';
import { newId } from '../src/ids/ids.ts';
import { createInbox, markApplied, type NewInboxEvent, takeDueEvents } from '../src/inbox/inbox.ts';
import { testMasterKey, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';
import { MINUTE_MS } from '../src/time/durations.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const inbox = createInbox(testMasterKey);
const BODY = '{"phone_number":"420777123456"}';

function event(overrides: Partial<NewInboxEvent> = {}): NewInboxEvent {
  return {
    id: newId(),
    source: 'sms-manager',
    externalId: newId(),
    body: BODY,
    receivedAt: testNow,
    wakeAt: testNow,
    ...overrides,
  };
}

const claim = (...ids: string[]) => prisma.$transaction((db) => inbox.claim(db, ids));

describe('the inbox', () => {
  test('gives an event back as it came', async () => {
    const { id, source, body, receivedAt, ...rest } = event();
    expect(await inbox.store(prisma, [{ id, source, body, receivedAt, ...rest }])).toEqual([id]);
    expect(await claim(id)).toEqual([{ id, source, body, receivedAt }]);
  });

  test('stores an event that arrives again once, within one delivery and across deliveries', async () => {
    const first = event();
    const again = event({ externalId: first.externalId });
    const stored = await inbox.store(prisma, [first, again]);
    expect(stored).toHaveLength(1);
    expect(await inbox.store(prisma, [event({ externalId: first.externalId })])).toEqual([]);
    const ofAnother = event({ externalId: first.externalId, source: 'stripe' });
    expect(await inbox.store(prisma, [ofAnother])).toEqual([ofAnother.id]);
  });

  test('stores events that arrive on several connections at once a single time, without a deadlock', async () => {
    const externalIds = Array.from({ length: 4_000 }, () => newId());
    const deliveries = Array.from({ length: 6 }, (_, i) => (i % 2 ? externalIds.toReversed() : externalIds));
    const store = (ids: string[]) =>
      inbox.store(
        prisma,
        ids.map((externalId) => event({ externalId })),
      );
    const stored = await prisma.$transaction(async (db) => {
      await db.$executeRaw`LOCK TABLE inbox_events IN SHARE ROW EXCLUSIVE MODE`;
      const storing = Promise.all(deliveries.map(store));
      await until('all deliveries wait for the table, to start at once', async () => {
        const [row] = await db.$queryRaw<[{ waiting: bigint }]>`
          SELECT count(*) AS waiting FROM pg_locks
          WHERE relation = 'inbox_events'::regclass AND NOT granted`;
        return row.waiting === BigInt(deliveries.length);
      });
      return { storing };
    });
    expect((await stored.storing).flat()).toHaveLength(4_000);
  });

  test('keeps no plain text in the database', async () => {
    const { id, ...rest } = event();
    await inbox.store(prisma, [{ id, ...rest }]);
    const [row] = await prisma.$queryRaw<[{ text: string; bytes: string }]>`
      SELECT to_jsonb(e)::text AS text, encode(body_encrypted, 'escape') AS bytes FROM inbox_events e WHERE id = ${id}::uuid`;
    expect(row.text + row.bytes).not.toContain('777123456');
    const { bodyEncrypted } = await prisma.inboxEvent.findUniqueOrThrow({ where: { id } });
    expect(Buffer.from(bodyEncrypted).includes('777123456')).toBe(false);
  });

  test('does not open under another MASTER_KEY', async () => {
    const { id, ...rest } = event();
    await inbox.store(prisma, [{ id, ...rest }]);
    const stranger = createInbox(Buffer.alloc(32, 9));
    await expect(prisma.$transaction((db) => stranger.claim(db, [id]))).rejects.toThrow(UnsealError);
  });
});

describe('claiming events', () => {
  test('skips what is applied', async () => {
    const [done, open] = [event(), event()];
    await inbox.store(prisma, [done, open]);
    await markApplied(prisma, [{ id: done.id, result: 'applied 1' }], testNow);
    expect((await claim(done.id, open.id)).map(({ id }) => id)).toEqual([open.id]);
    expect(await prisma.inboxEvent.findUnique({ where: { id: done.id } })).toMatchObject({
      appliedAt: testNow,
      wakeAt: null,
      result: 'applied 1',
    });
  });

  test('skips what somebody else is applying', async () => {
    const { id, ...rest } = event();
    await inbox.store(prisma, [{ id, ...rest }]);
    await prisma.$transaction(async (db) => {
      expect(await inbox.claim(db, [id])).toHaveLength(1);
      expect(await claim(id)).toEqual([]);
    });
  });
});

test('a due event is woken, then again after one minute, two, four', async () => {
  await prisma.inboxEvent.updateMany({ data: { wakeAt: null } });
  const { id, ...rest } = event();
  await inbox.store(prisma, [{ id, ...rest }]);
  let now = testNow;
  for (const minutes of [1, 2, 4]) {
    expect(await takeDueEvents(prisma, 'sms-manager', now, 100)).toEqual([id]);
    expect(await takeDueEvents(prisma, 'sms-manager', now, 100)).toEqual([]);
    now = new Date(now.getTime() + minutes * MINUTE_MS);
    expect(await prisma.inboxEvent.findUnique({ where: { id } })).toMatchObject({ wakeAt: now });
  }
});
