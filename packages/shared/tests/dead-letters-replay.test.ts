import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayDeadLetters } from '../src/dead-letters/replay-dead-letters.ts';
import { unseal } from '../src/encryption/seal.ts';
import { newId } from '../src/ids/ids.ts';
import { claimNotification } from '../src/notifications/claim-notification.ts';
import { createNotification } from '../src/notifications/create-notification.ts';
import { takeDueNotifications } from '../src/notifications/due-notifications.ts';
import { testDataKeys, testNow } from '../src/testing/build-tenant.ts';
import { queueBackends } from '../src/testing/test-queues.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../src/time/durations.ts';
import { type DeadLetterFixture, startDeadLetterFixture } from './dead-letters-fixture.ts';

const summary = {
  tenantName: 'Bookshop',
  timeZone: 'Europe/Prague',
  firstDay: '2026-02-01',
  lastDay: '2026-02-28',
  currency: 'CZK',
  messages: '1',
  segments: '1',
  usage: '1.50',
  owed: '0.00',
  document: 'statement' as const,
  lines: [],
};

describe.each(queueBackends)('replay on %s', (backend) => {
  let letters: DeadLetterFixture;
  beforeAll(async () => {
    letters = await startDeadLetterFixture(backend);
  });
  afterAll(() => letters.close());

  test('of a message stores a new one: same text, recipient and price, and the validity of the first', async () => {
    const tenant = await letters.tenant();
    const { message, letterId } = await letters.giveUpMessage(tenant, {
      body: 'Code 4711',
      reference: 'order 1',
    });
    letters.clock.advance(MINUTE_MS);
    const report = await letters.replay({ id: letterId });
    expect(report).toMatchObject({ matched: 1, done: 1, expired: 0, refused: [], tenants: 1, dryRun: false });
    expect(report.atStake).toEqual([{ currency: 'CZK', micros: 1_500_000n }]);
    const [replay, ...others] = await letters.replaysOf(message.id);
    expect(others).toEqual([]);
    expect(replay).toMatchObject({
      tenantId: tenant.id,
      recipient: message.recipient,
      reference: 'order 1',
      priceMicros: message.priceMicros,
      state: 'accepted',
      attemptCount: 0,
      acceptedAt: letters.clock.now(),
      expiresAt: message.expiresAt,
    });
    const key = testDataKeys.open(tenant.id, tenant.dataKeyWrapped);
    expect(unseal(key, replay?.bodyEncrypted ?? Buffer.of(), replay?.id ?? '').toString()).toBe('Code 4711');
    expect(await letters.jobs('send-messages')).toContainEqual({
      payload: { messageIds: [replay?.id] },
      delayMs: 0,
    });
    expect(await letters.letter(letterId)).toMatchObject({
      state: 'replayed',
      resolvedBy: 'olga@example.com',
    });
    expect(await letters.audit(letterId)).toEqual(['buried', 'replayed']);
  });

  test('twice, or two at once, happens once', async () => {
    const tenant = await letters.tenant();
    const given = await Promise.all(Array.from({ length: 30 }, () => letters.giveUpMessage(tenant)));
    const selection = { tenantId: tenant.id };
    const reports = await Promise.all([1, 2, 3].map(() => letters.replay(selection, 100)));
    expect(reports.reduce((sum, { done }) => sum + done, 0)).toBe(30);
    expect(await letters.replay(selection)).toMatchObject({ matched: 0, done: 0 });
    for (const { message, letterId } of given) {
      expect(await letters.replaysOf(message.id)).toHaveLength(1);
      expect(await letters.audit(letterId)).toEqual(['buried', 'replayed']);
    }
  });

  test('of a one-time password whose validity is over never sends it: the letter has expired', async () => {
    const tenant = await letters.tenant();
    const { message, letterId } = await letters.giveUpMessage(tenant, { category: 'priority' });
    letters.clock.advance(10 * MINUTE_MS);
    expect(await letters.replay({ id: letterId })).toMatchObject({ done: 0, expired: 1, atStake: [] });
    expect(await letters.replaysOf(message.id)).toEqual([]);
    expect(await letters.letter(letterId)).toMatchObject({ state: 'expired' });
    expect(await letters.replay({ id: letterId })).toMatchObject({ matched: 0 });
    expect(await letters.audit(letterId)).toEqual(['buried', 'expired']);
  });

  test('of a message whose outcome is not known is refused, and it stays open for a discard', async () => {
    const tenant = await letters.tenant();
    const { message, letterId } = await letters.giveUpMessage(tenant, { failureClass: 'outcome_unknown' });
    const report = await letters.replay({ id: letterId });
    expect(report).toMatchObject({ matched: 1, done: 0, refused: [{ reason: 'outcome_unknown', count: 1 }] });
    expect(await letters.letter(letterId)).toMatchObject({ state: 'open' });
    expect(await letters.replaysOf(message.id)).toEqual([]);
  });

  test('of a message that a late report proved delivered is refused', async () => {
    const { message, letterId } = await letters.giveUpMessage(await letters.tenant());
    await letters.prisma.message.update({ where: { id: message.id }, data: { state: 'delivered' } });
    expect((await letters.replay({ id: letterId })).refused).toMatchObject([{ reason: 'message_moved_on' }]);
  });

  test('is spread over time by its rate, in the queue and in the rows', async () => {
    const tenant = await letters.tenant();
    for (let count = 0; count < 5; count += 1) await letters.giveUpMessage(tenant, { category: 'priority' });
    const report = await letters.replay({ tenantId: tenant.id }, 2);
    expect(report).toMatchObject({ done: 5, takesMs: 2_000 });
    const delays = (await letters.jobs('send-messages-priority')).map(({ delayMs }) => delayMs);
    expect(delays).toEqual([0, 500, 1_000, 1_500, 2_000]);
    const rows = await letters.prisma.message.findMany({
      where: { tenantId: tenant.id, NOT: { replayOf: null } },
      orderBy: { notBefore: 'asc' },
    });
    const start = letters.clock.now().getTime();
    expect(rows.map(({ notBefore }) => notBefore.getTime() - start)).toEqual([0, 500, 1_000, 1_500, 2_000]);
    for (const { notBefore, wakeAt } of rows) {
      expect(wakeAt).toEqual(new Date(notBefore.getTime() + 30 * SECOND_MS));
    }
  });

  test('of more letters than a batch holds takes each once', async () => {
    const fingerprint = newId();
    for (let count = 0; count < 130; count += 1) await letters.bury({ fingerprint });
    const before = (await letters.jobs('close-periods')).length;
    expect(await letters.dryRun({ fingerprint }, 100)).toMatchObject({ matched: 130, done: 130 });
    expect(await letters.replay({ fingerprint }, 100)).toMatchObject({
      matched: 130,
      done: 130,
      hasMore: false,
    });
    const jobs = await letters.jobs('close-periods');
    expect(jobs).toHaveLength(before + 130);
    expect(Math.max(...jobs.map(({ delayMs }) => delayMs))).toBe(1_290);
  });

  test('of a job adds its payload to its queue again', async () => {
    const payload = { trigger: 'manual', tenantId: newId() };
    const letterId = await letters.bury({ payload });
    expect(await letters.replay({ id: letterId })).toMatchObject({ done: 1 });
    expect(await letters.jobs('close-periods')).toContainEqual({ payload, delayMs: 0 });
    expect(await letters.letter(letterId)).toMatchObject({ state: 'replayed' });
  });

  test('of a payload that no longer fits its queue, or of a queue that is gone, is refused', async () => {
    const fingerprint = newId();
    const ids = [
      await letters.bury({ fingerprint, payload: { trigger: 'hourly' } }),
      await letters.bury({ fingerprint, queue: 'carrier-pigeons' }),
    ];
    const report = await letters.replay({ fingerprint });
    expect(report).toMatchObject({
      done: 0,
      refused: [
        { reason: 'payload_does_not_fit', count: 1 },
        { reason: 'queue_unknown', count: 1 },
      ],
    });
    for (const id of ids) expect(await letters.letter(id)).toMatchObject({ state: 'open' });
  });

  test('of a mail that was given up lets it be tried again, even when its job is lost', async () => {
    const { prisma, clock } = letters;
    const tenant = await letters.tenant();
    const mail = {
      tenantId: tenant.id,
      kind: 'usage_summary' as const,
      subjectId: newId(),
      recipient: 'owner@bookshop.example',
      content: summary,
    };
    const id = await createNotification(prisma, mail, clock.now());
    await prisma.notification.update({ where: { id }, data: { attempts: 8, wakeAt: null } });
    const letterId = await letters.bury({
      queue: 'send-notification',
      jobId: `notification ${id}`,
      payload: { notificationId: id },
      tenantId: tenant.id,
    });
    expect(await prisma.deadLetterStake.findMany({ where: { deadLetterId: letterId } })).toMatchObject([
      { tenantId: tenant.id, atStakeMicros: 0n },
    ]);
    const lost = { ...letters.deps, producer: { enqueue: async () => undefined } };
    await replayDeadLetters(lost, { selection: { id: letterId }, rate: 10, actor: 'olga' });
    clock.advance(30 * SECOND_MS);
    expect(await takeDueNotifications(prisma, clock.now(), 100)).toContain(id);
    const lease = new Date(clock.now().getTime() + MINUTE_MS);
    expect(await claimNotification(prisma, id, clock.now(), lease)).toMatchObject({ attempts: 1 });
  });

  test('of a mail that somebody is sending leaves it to them', async () => {
    const { prisma, clock } = letters;
    const tenant = await letters.tenant();
    const mail = {
      tenantId: tenant.id,
      kind: 'usage_summary' as const,
      subjectId: newId(),
      recipient: 'a@b.example',
      content: summary,
    };
    const id = await createNotification(prisma, mail, clock.now());
    await claimNotification(prisma, id, clock.now(), new Date(clock.now().getTime() + MINUTE_MS));
    const letterId = await letters.bury({ queue: 'send-notification', payload: { notificationId: id } });
    const before = await prisma.notification.findUnique({ where: { id } });
    expect(await letters.replay({ id: letterId })).toMatchObject({ done: 1 });
    expect(await prisma.notification.findUnique({ where: { id } })).toEqual(before);
  });

  test('of an invoice that Stripe refused lets it be pushed again, after a look at what is there', async () => {
    const { prisma, clock } = letters;
    const tenant = await letters.tenant({ paymentTerms: 'postpaid' });
    const { invoiceId, pushId } = await refusedInvoice(letters, tenant.id);
    const letterId = await letters.bury({
      queue: 'collect-invoice',
      jobId: `push ${pushId}`,
      payload: { invoiceId },
    });
    expect(await letters.letter(letterId)).toMatchObject({ atStakeMicros: 4_200_000n, currency: 'CZK' });
    await letters.replay({ id: letterId });
    const push = await prisma.stripePush.findUniqueOrThrow({ where: { id: pushId } });
    expect(push.state).toBe('sent');
    expect(clock.now().getTime() - push.firstSentAt.getTime()).toBeGreaterThan(DAY_MS);
    expect((await prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } })).wakeAt).not.toBeNull();
  });
});

async function refusedInvoice({ prisma }: DeadLetterFixture, tenantId: string) {
  const period = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId } });
  const [invoiceId, pushId] = [newId(), newId()];
  await prisma.invoice.create({
    data: {
      id: invoiceId,
      tenantId,
      periodId: period.id,
      kind: 'usage',
      document: 'stripe',
      state: 'issued',
      currency: 'CZK',
      usageMicros: 4_200_000n,
      settlesMicros: 4_200_000n,
      totalMinor: 420n,
      grossMinor: 420n,
      issuedAt: testNow,
    },
  });
  await prisma.stripePush.create({
    data: {
      id: pushId,
      tenantId,
      invoiceId,
      kind: 'invoice_item',
      params: {},
      idempotencyKey: pushId,
      state: 'rejected',
      firstSentAt: testNow,
    },
  });
  return { invoiceId, pushId };
}
