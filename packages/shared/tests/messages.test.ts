import { afterAll, describe, expect, test } from 'vitest';
import { reserveCredit } from '../src/credit/reserve.ts';
import { unseal } from '../src/encryption/seal.ts';
import { newId } from '../src/ids/ids.ts';
import {
  type AttemptOutcome,
  findAttemptOwners,
  NOT_TAKEN,
  openAttempts,
  readReportedAttempts,
  recordOutcomes,
  UNRESOLVED,
} from '../src/messages/attempts.ts';
import { claimMessages, lockMessages } from '../src/messages/claim-messages.ts';
import { type DeliveryReport, storeReports } from '../src/messages/delivery-reports.ts';
import { takeDueMessages } from '../src/messages/due-messages.ts';
import { moveMessages } from '../src/messages/move-messages.ts';
import { storeOptOuts } from '../src/opt-outs/opt-outs.ts';
import { databaseCode } from '../src/runtime/failure.ts';
import { buildMessage, buildMessages } from '../src/testing/build-message.ts';
import { buildTenant, testDataKeys, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';
import { MINUTE_MS, SECOND_MS } from '../src/time/durations.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const tenant = await buildTenant(prisma);

const later = (ms: number) => new Date(testNow.getTime() + ms);

function attemptOf(messageId: string, number = 1) {
  return { id: newId(), messageId, tenantId: tenant.id, number, provider: 'sms-manager' };
}

function resultOf(attemptId: string, outcome: AttemptOutcome, failureCode: string | null = null) {
  return {
    attemptId,
    outcome,
    failureCode,
    failureDetail: null,
    providerRequestId: null,
    providerMessageId: outcome === 'accepted' ? `provider ${attemptId}` : null,
  };
}

describe('an accepted message', () => {
  test('is stored as it was given, its body sealed', async () => {
    const message = await buildMessage(prisma, tenant, {
      body: 'Kód je 4711',
      metadata: { order: 'A-1' },
      sendAt: later(MINUTE_MS),
    });
    const row = await prisma.message.findUniqueOrThrow({ where: { id: message.id } });
    const { bodyEncrypted, ...plain } = message;
    expect(row).toMatchObject({ ...plain, state: 'accepted', attemptCount: 0 });
    expect(Buffer.from(row.bodyEncrypted)).toEqual(Buffer.from(bodyEncrypted));
    const key = testDataKeys.open(tenant.id, tenant.dataKeyWrapped);
    expect(unseal(key, row.bodyEncrypted, row.id).toString()).toBe('Kód je 4711');
  });
});

describe('claiming', () => {
  test('gives each message to one of two claimers, never to both', async () => {
    const messages = await buildMessages(
      prisma,
      tenant,
      Array.from({ length: 40 }, () => ({})),
    );
    const ids = messages.map(({ id }) => id);
    const both = Promise.withResolvers<void>();
    let claimers = 0;
    const claim = (wanted: string[]) =>
      prisma.$transaction(async (db) => {
        const claimed = await claimMessages(db, wanted, testNow);
        claimers += 1;
        if (claimers === 2) both.resolve();
        // Both hold their locks at the same time.
        await both.promise;
        return claimed.map(({ id }) => id);
      });
    const [one, two] = await Promise.all([claim(ids.slice(0, 25)), claim(ids.slice(15))]);
    expect(one.filter((id) => two.includes(id))).toEqual([]);
    expect([...one, ...two].sort()).toEqual([...ids].sort());
  });

  test('again and again by many at once opens one attempt per message and refuses none', async () => {
    for (let round = 0; round < 15; round += 1) {
      const messages = await buildMessages(
        prisma,
        tenant,
        Array.from({ length: 10 }, () => ({})),
      );
      const ids = messages.map(({ id }) => id);
      const claimAndOpen = () =>
        prisma.$transaction(async (db) => {
          const claimed = await claimMessages(db, ids, testNow);
          const attempts = claimed.map(({ id }) => attemptOf(id));
          await openAttempts(db, attempts, testNow);
          return claimed.length;
        });
      const counts = await Promise.all(Array.from({ length: 8 }, claimAndOpen));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
    }
  });

  test('brings what the hand-over needs, in acceptance order', async () => {
    const [second, first] = await buildMessages(prisma, tenant, [
      { acceptedAt: later(2_000), notBefore: testNow },
      { acceptedAt: later(1_000), notBefore: testNow },
    ]);
    if (!first || !second) throw new Error('two messages');
    const claimed = await prisma.$transaction((db) => claimMessages(db, [second.id, first.id], testNow));
    expect(claimed.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(claimed[0]).toMatchObject({
      tenantId: tenant.id,
      priceMicros: 1_500_000n,
      reservation: null,
      onInsufficientCredit: 'reject',
      expiresAt: first.expiresAt,
    });
  });

  test('leaves a message that is not due yet', async () => {
    const { id } = await buildMessage(prisma, tenant, { notBefore: later(MINUTE_MS) });
    const claim = (now: Date) => prisma.$transaction((db) => claimMessages(db, [id], now));
    expect(await claim(later(MINUTE_MS - SECOND_MS))).toEqual([]);
    // As much may be the difference between two machines' clocks.
    expect(await claim(later(MINUTE_MS - 250))).toHaveLength(1);
  });

  test('leaves a message whose attempt is open, also when its outcome is unknown', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const attempt = attemptOf(id);
    const claim = () => prisma.$transaction((db) => claimMessages(db, [id], testNow));
    await openAttempts(prisma, [attempt], testNow);
    expect(await claim()).toEqual([]);
    await recordOutcomes(prisma, [resultOf(attempt.id, 'unknown')], testNow);
    expect(await claim()).toEqual([]);
    await recordOutcomes(prisma, [resultOf(attempt.id, 'unavailable')], testNow);
    expect(await claim()).toHaveLength(1);
  });

  test('leaves a message that the provider accepted, until it takes that back', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const attempt = attemptOf(id);
    const claim = () => prisma.$transaction((db) => claimMessages(db, [id], testNow));
    await openAttempts(prisma, [attempt], testNow);
    await recordOutcomes(prisma, [resultOf(attempt.id, 'accepted')], testNow);
    await moveMessages(prisma, [{ messageId: id, state: 'submitted', wakeAt: null }]);
    expect(await claim()).toEqual([]);
    await recordOutcomes(prisma, [resultOf(attempt.id, 'provider_blocked')], testNow);
    expect(await claim()).toMatchObject([{ id, state: 'submitted', openAttemptId: null }]);
  });

  test('leaves a message that is sent', async () => {
    const { id } = await buildMessage(prisma, tenant);
    await moveMessages(prisma, [{ messageId: id, state: 'sent', wakeAt: null }]);
    expect(await prisma.$transaction((db) => claimMessages(db, [id], testNow))).toEqual([]);
  });

  test('counts what the provider refused of a message, not its outages', async () => {
    const { id } = await buildMessage(prisma, tenant);
    for (const [number, code] of [NOT_TAKEN, 'not_reached', NOT_TAKEN, 'not_posted'].entries()) {
      const attempt = attemptOf(id, number + 1);
      await openAttempts(prisma, [attempt], testNow);
      await recordOutcomes(prisma, [resultOf(attempt.id, 'unavailable', code)], testNow);
    }
    await prisma.message.update({ where: { id }, data: { attemptCount: 4 } });
    expect(await prisma.$transaction((db) => claimMessages(db, [id], testNow))).toMatchObject([
      { refusalCount: 2 },
    ]);
  });

  test('says who wants no more messages, of this tenant and no other', async () => {
    const neighbour = await buildTenant(prisma);
    const recipient = '+420777000222';
    await storeOptOuts(prisma, [{ tenantId: tenant.id, recipient, source: 'reply' }], testNow);
    const [mine, theirs] = [
      await buildMessage(prisma, tenant, { recipient }),
      await buildMessage(prisma, neighbour, { recipient }),
    ];
    const claimed = await prisma.$transaction((db) => claimMessages(db, [mine.id, theirs.id], testNow));
    expect(new Map(claimed.map(({ id, optedOut }) => [id, optedOut]))).toEqual(
      new Map([
        [mine.id, true],
        [theirs.id, false],
      ]),
    );
  });
});

describe('an attempt', () => {
  test('is opened once per message while its outcome is not known', async () => {
    const { id } = await buildMessage(prisma, tenant);
    await openAttempts(prisma, [attemptOf(id, 1)], testNow);
    expect(await openAttempts(prisma, [attemptOf(id, 2)], testNow).catch(databaseCode)).toBe('23505');
  });

  test.each([
    ['rejected', 'rejected'],
    ['unavailable', 'accepted'],
    ['throttled', 'accepted'],
    ['provider_blocked', 'accepted'],
  ] as const)(
    'first known as %s and later as accepted ends as %s, with the ids that come late',
    async (first, final) => {
      const { id } = await buildMessage(prisma, tenant);
      const attempt = attemptOf(id);
      await openAttempts(prisma, [attempt], testNow);
      for (const outcome of ['unknown', first, 'accepted', 'unknown', 'throttled'] as const) {
        await recordOutcomes(prisma, [resultOf(attempt.id, outcome)], testNow);
      }
      const row = await prisma.messageAttempt.findUnique({ where: { id: attempt.id } });
      expect(row).toMatchObject({
        outcome: final,
        closedAt: testNow,
        providerMessageId: `provider ${attempt.id}`,
      });
    },
  );

  test('given up as unresolved is closed, and still ends as accepted when that turns out', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const attempt = attemptOf(id);
    const row = () => prisma.messageAttempt.findUnique({ where: { id: attempt.id } });
    await openAttempts(prisma, [attempt], testNow);
    await recordOutcomes(prisma, [resultOf(attempt.id, 'unknown', UNRESOLVED)], testNow);
    expect(await row()).toMatchObject({ outcome: 'unknown', closedAt: testNow, failureCode: UNRESOLVED });
    await recordOutcomes(prisma, [resultOf(attempt.id, 'accepted')], later(1));
    expect(await row()).toMatchObject({ outcome: 'accepted', closedAt: testNow, failureCode: UNRESOLVED });
  });

  test('leads to its message, and an id that is none leads nowhere', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const attempt = attemptOf(id);
    await openAttempts(prisma, [attempt], testNow);
    expect(await findAttemptOwners(prisma, [attempt.id, newId()])).toEqual(
      new Map([
        [attempt.id, { messageId: id, tenantId: tenant.id, provider: 'sms-manager', openedAt: testNow }],
      ]),
    );
  });
});

describe('locking messages', () => {
  test('waits for whoever holds them and then sees all that was done, to their attempts and credit too', async () => {
    const { id, tenantId, currency, priceMicros } = await buildMessage(prisma, tenant);
    const attempt = attemptOf(id);
    await openAttempts(prisma, [attempt], testNow);
    const second = await prisma.$transaction(async (db) => {
      expect(await lockMessages(db, [id])).toMatchObject([{ openAttemptId: attempt.id, reservation: null }]);
      const waiting = prisma.$transaction((other) => lockMessages(other, [id]));
      await until('the second waits for the first', async () => {
        const [row] = await db.$queryRaw<[{ blocked: bigint }]>`
          SELECT count(*) AS blocked FROM pg_stat_activity
          WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))`;
        return row.blocked === 1n;
      });
      await recordOutcomes(db, [resultOf(attempt.id, 'accepted')], testNow);
      await reserveCredit(db, [{ messageId: id, tenantId, currency, amountMicros: priceMicros }], testNow);
      await moveMessages(db, [{ messageId: id, state: 'submitted', wakeAt: null, submittedAt: testNow }]);
      return { waiting };
    });
    expect(await second.waiting).toMatchObject([
      { id, state: 'submitted', openAttemptId: null, reservation: 'open' },
    ]);
  });
});

describe('moving messages', () => {
  test('keeps the first instant of each kind and starts the wake-ups anew', async () => {
    const { id } = await buildMessage(prisma, tenant);
    await takeDueMessages(prisma, testNow, {
      limit: 1_000,
      longLanes: { singles: false, campaigns: false, urgentCampaigns: false },
    });
    const move = { messageId: id, state: 'sent' as const, wakeAt: later(MINUTE_MS) };
    await moveMessages(prisma, [{ ...move, sentAt: testNow }]);
    await moveMessages(prisma, [{ ...move, sentAt: later(1) }]);
    expect(await prisma.message.findUnique({ where: { id } })).toMatchObject({
      state: 'sent',
      sentAt: testNow,
      wakeAt: later(MINUTE_MS),
      wakeCount: 0,
    });
  });

  test('backward is refused, and with it the whole statement', async () => {
    const [sent, accepted] = await buildMessages(prisma, tenant, [{}, {}]);
    if (!sent || !accepted) throw new Error('two messages');
    await moveMessages(prisma, [{ messageId: sent.id, state: 'sent', wakeAt: null }]);
    const backward = moveMessages(prisma, [
      { messageId: accepted.id, state: 'sending', wakeAt: null },
      { messageId: sent.id, state: 'sending', wakeAt: null },
    ]);
    expect(await backward.catch(databaseCode)).toBe('23514');
    expect(await prisma.message.findUnique({ where: { id: accepted.id } })).toMatchObject({
      state: 'accepted',
    });
  });
});

describe('a delivery report', () => {
  test('is stored once per attempt and result, however often and from wherever it is said', async () => {
    const { id } = await buildMessage(prisma, tenant);
    const attempt = attemptOf(id);
    await openAttempts(prisma, [attempt], testNow);
    const report = (result: DeliveryReport['result'], source: DeliveryReport['source']): DeliveryReport => ({
      attemptId: attempt.id,
      messageId: id,
      tenantId: tenant.id,
      result,
      detail: null,
      source,
      occurredAt: testNow,
    });
    const sent = await storeReports(prisma, [report('sent', 'webhook'), report('sent', 'webhook')], testNow);
    expect(sent).toEqual(new Set([`${attempt.id} sent`]));
    const next = await storeReports(
      prisma,
      [report('sent', 'look_up'), report('delivered', 'look_up')],
      testNow,
    );
    expect(next).toEqual(new Set([`${attempt.id} delivered`]));
    expect(await readReportedAttempts(prisma, [id])).toMatchObject([
      { attemptId: attempt.id, isOpen: true, results: expect.arrayContaining(['sent', 'delivered']) },
    ]);
  });
});
