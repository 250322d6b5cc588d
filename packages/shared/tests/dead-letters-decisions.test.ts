import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeDeadLetter } from '../src/dead-letters/bury.ts';
import { discardDeadLetters, dryRunDiscard } from '../src/dead-letters/discard-dead-letters.ts';
import { expireDeadLetters } from '../src/dead-letters/expire-dead-letters.ts';
import { newId } from '../src/ids/ids.ts';
import { databaseCode } from '../src/runtime/failure.ts';
import { buildMessages } from '../src/testing/build-message.ts';
import { testNow } from '../src/testing/build-tenant.ts';
import { HOUR_MS, MINUTE_MS } from '../src/time/durations.ts';
import { type DeadLetterFixture, startDeadLetterFixture } from './dead-letters-fixture.ts';

describe('decisions about dead letters', () => {
  let letters: DeadLetterFixture;
  beforeAll(async () => {
    letters = await startDeadLetterFixture();
  });
  afterAll(() => letters.close());

  /** Every row that a replay could change. */
  async function everything() {
    const { prisma } = letters;
    return Promise.all([
      prisma.deadLetter.findMany({ orderBy: { id: 'asc' } }),
      prisma.deadLetterAction.findMany({ orderBy: { id: 'asc' } }),
      prisma.message.findMany({ orderBy: { id: 'asc' } }),
      prisma.notification.findMany({ orderBy: { id: 'asc' } }),
      letters.jobs('send-messages'),
      letters.mirrored('send-messages'),
    ]);
  }

  test('a dry run says exactly what the replay then does, and changes no row', async () => {
    const [shop, bank, closed] = [
      await letters.tenant(),
      await letters.tenant({ currency: 'EUR' }),
      await letters.tenant({ smsSettings: { enabled: false } }),
    ];
    await letters.giveUpMessage(shop, { category: 'priority' });
    letters.clock.advance(10 * MINUTE_MS);
    for (const tenant of [shop, shop, bank, closed]) await letters.giveUpMessage(tenant);
    await letters.giveUpMessage(bank, { failureClass: 'outcome_unknown' });
    const before = await everything();
    const told = await letters.dryRun({ queue: 'send-messages' });
    expect(told).toMatchObject({
      dryRun: true,
      operationId: null,
      matched: 6,
      done: 3,
      expired: 1,
      tenants: 2,
      atStake: [
        { currency: 'CZK', micros: 3_000_000n },
        { currency: 'EUR', micros: 1_500_000n },
      ],
    });
    expect(told.refused.map(({ reason }) => reason).toSorted()).toEqual([
      'outcome_unknown',
      'tenant_may_not_send',
    ]);
    expect(await everything()).toEqual(before);
    const done = await letters.replay({ queue: 'send-messages' });
    expect({ ...done, dryRun: true, operationId: null }).toEqual(told);
  });

  test('the database refuses a second replay of a message, and a change of the audit', async () => {
    const { prisma } = letters;
    const tenant = await letters.tenant();
    const { message, letterId } = await letters.giveUpMessage(tenant);
    await letters.replay({ id: letterId });
    const [again] = await buildMessages(prisma, tenant, [{}]);
    const second = prisma.$executeRaw`UPDATE messages SET replay_of = ${message.id}::uuid WHERE id = ${again?.id}::uuid`;
    expect(await codeOf(second)).toBe('23505');
    expect(await codeOf(prisma.$executeRaw`UPDATE dead_letter_actions SET actor = 'nobody'`)).toBe('42501');
  });

  test('a discard needs a reason, ends the letter for good and is in the audit', async () => {
    const { prisma } = letters;
    const tenant = await letters.tenant();
    const { letterId } = await letters.giveUpMessage(tenant, { failureClass: 'outcome_unknown' });
    const selection = { id: letterId };
    expect(await dryRunDiscard(letters.deps, selection)).toMatchObject({ matched: 1, done: 1, dryRun: true });
    expect(await letters.letter(letterId)).toMatchObject({ state: 'open' });
    const request = { selection, actor: 'olga@example.com', reason: 'the customer was told' };
    expect(await discardDeadLetters(letters.deps, request)).toMatchObject({ done: 1 });
    expect(await discardDeadLetters(letters.deps, request)).toMatchObject({ matched: 0 });
    expect(await letters.letter(letterId)).toMatchObject({ state: 'discarded' });
    const [, discarded] = await prisma.deadLetterAction.findMany({
      where: { deadLetterId: letterId },
      orderBy: { id: 'asc' },
    });
    expect(discarded).toMatchObject({ ...request, action: 'discarded' });
    expect(await letters.replay(selection)).toMatchObject({ matched: 0 });
  });

  test('letters whose messages are over expire by themselves; those of unknown outcome wait for a person', async () => {
    const tenant = await letters.tenant();
    const over = await letters.giveUpMessage(tenant, { category: 'priority' });
    const unknown = await letters.giveUpMessage(tenant, {
      category: 'priority',
      failureClass: 'outcome_unknown',
    });
    const valid = await letters.giveUpMessage(tenant);
    const at = new Date(letters.clock.now().getTime() + HOUR_MS);
    const expired = await letters.prisma.$transaction((db) => expireDeadLetters(db, at));
    expect(expired.map(({ id }) => id)).toContain(over.letterId);
    expect(await letters.letter(over.letterId)).toMatchObject({ state: 'expired', resolvedBy: 'tollgate' });
    for (const { letterId } of [unknown, valid]) {
      expect(await letters.letter(letterId)).toMatchObject({ state: 'open' });
    }
  });

  test('a job learns from its rows whose money is at stake, of each tenant and currency', async () => {
    const { prisma } = letters;
    const [shop, bank] = [await letters.tenant(), await letters.tenant({ currency: 'EUR' })];
    const own = await buildMessages(prisma, shop, [{}, {}, { mode: 'test' }]);
    const others = await buildMessages(prisma, bank, [{}, {}]);
    await prisma.message.update({
      where: { id: others[0]?.id ?? '' },
      data: { state: 'canceled', finishedAt: testNow },
    });
    const messageIds = [...own, ...others].map(({ id }) => id);
    const letterId = await letters.bury({ queue: 'send-messages', payload: { messageIds } });
    const stakes = await prisma.deadLetterStake.findMany({ where: { deadLetterId: letterId } });
    expect(
      new Map(stakes.map(({ tenantId, currency, atStakeMicros }) => [tenantId, [currency, atStakeMicros]])),
    ).toEqual(
      new Map([
        [shop.id, ['CZK', 3_000_000n]],
        [bank.id, ['EUR', 1_500_000n]],
      ]),
    );
    expect(await letters.dryRun({ tenantId: bank.id })).toMatchObject({ matched: 1, tenants: 2 });
  });

  test('the same job given up again while its letter is open is one letter; after a decision it is open again', async () => {
    const { prisma } = letters;
    const jobId = newId();
    const letterId = await letters.bury({ jobId });
    expect(await letters.bury({ jobId, attempts: 6 })).toBe(letterId);
    expect(await letters.audit(letterId)).toEqual(['buried']);
    await letters.replay({ id: letterId });
    const again = {
      queue: 'close-periods',
      jobId,
      payload: { trigger: 'catch-up' },
      failureClass: 'TypeError',
    };
    const rest = { failureDetail: 'still broken', fingerprint: 'other', attempts: 1 };
    await prisma.$transaction((db) => storeDeadLetter(db, { ...again, ...rest }, letters.clock.now()));
    expect(await letters.letter(letterId)).toMatchObject({
      state: 'open',
      failureClass: 'TypeError',
      resolvedAt: null,
    });
    expect(await letters.audit(letterId)).toEqual(['buried', 'replayed', 'buried']);
  });
});

async function codeOf(failing: PromiseLike<unknown>): Promise<string | undefined> {
  try {
    await failing;
  } catch (error) {
    return databaseCode(error);
  }
  return undefined;
}
