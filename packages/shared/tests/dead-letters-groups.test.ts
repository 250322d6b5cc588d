import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupDeadLetters } from '../src/dead-letters/group-dead-letters.ts';
import { listDeadLetters } from '../src/dead-letters/list-dead-letters.ts';
import { showDeadLetter } from '../src/dead-letters/show-dead-letter.ts';
import { newId } from '../src/ids/ids.ts';
import { testDataKeys, testNow } from '../src/testing/build-tenant.ts';
import { MINUTE_MS } from '../src/time/durations.ts';
import { type DeadLetterFixture, startDeadLetterFixture } from './dead-letters-fixture.ts';

let letters: DeadLetterFixture;
beforeAll(async () => {
  letters = await startDeadLetterFixture();
});
afterAll(() => letters.close());

const group = (selection: Parameters<typeof groupDeadLetters>[1], limit = 50) =>
  groupDeadLetters(letters.prisma, selection, { limit, now: letters.clock.now() });

test('letters with one cause are one group, with its span, its tenants and the money at stake', async () => {
  const [shop, bank] = [await letters.tenant(), await letters.tenant({ currency: 'EUR' })];
  await letters.giveUpMessage(shop, { category: 'priority' });
  letters.clock.advance(5 * MINUTE_MS);
  await letters.giveUpMessage(shop);
  await letters.giveUpMessage(bank);
  letters.clock.advance(5 * MINUTE_MS);
  await letters.giveUpMessage(shop, { failureClass: 'outcome_unknown' });
  const [unknown, unavailable, ...others] = await group({ queue: 'send-messages' });
  expect(others).toEqual([]);
  expect(unknown).toMatchObject({ fingerprint: 'outcome_unknown', count: 1, replayable: 0 });
  expect(unavailable).toEqual({
    fingerprint: 'provider_unavailable',
    failureClasses: ['provider_unavailable'],
    queues: ['send-messages'],
    failureDetail: 'no such account',
    count: 3,
    firstSeen: testNow,
    lastSeen: new Date(testNow.getTime() + 5 * MINUTE_MS),
    replayable: 2,
    tenants: 2,
    atStake: [
      { currency: 'CZK', micros: 3_000_000n },
      { currency: 'EUR', micros: 1_500_000n },
    ],
  });
  expect((await group({ tenantId: bank.id }))[0]).toMatchObject({ count: 1, tenants: 1 });
});

test('what a group says can be replayed is what the dry run replays', async () => {
  const closed = await letters.tenant({ smsSettings: { enabled: false } });
  const gone = await letters.tenant();
  await letters.giveUpMessage(closed, { failureClass: 'assorted' });
  const late = await letters.giveUpMessage(gone, { failureClass: 'assorted' });
  await letters.prisma.message.update({ where: { id: late.message.id }, data: { state: 'delivered' } });
  await letters.giveUpMessage(gone, { failureClass: 'assorted' });
  await letters.bury({ failureClass: 'assorted', fingerprint: 'assorted' });
  for (const { fingerprint, replayable } of await group({ state: 'open' })) {
    expect([fingerprint, replayable]).toEqual([fingerprint, (await letters.dryRun({ fingerprint })).done]);
  }
});

test('a walk through groups meets each once, the latest first', async () => {
  const all = await group({});
  const walked: string[] = [];
  for (let after: (typeof all)[number] | undefined; ; ) {
    const page = await groupDeadLetters(letters.prisma, {}, { limit: 1, after, now: letters.clock.now() });
    walked.push(...page.map(({ fingerprint }) => fingerprint));
    after = page.at(-1);
    if (page.length === 0) break;
  }
  expect(walked.length).toBeGreaterThan(2);
  expect(walked).toEqual(all.map(({ fingerprint }) => fingerprint));
});

test('a list walks through all that fits, newest first, and each filter keeps to it', async () => {
  const fingerprint = newId();
  const ids = [];
  for (let count = 0; count < 5; count += 1) {
    ids.push(await letters.bury({ fingerprint }));
    if (count % 2 === 0) letters.clock.advance(1);
  }
  await letters.replay({ id: ids[0] ?? '' });
  const walked: string[] = [];
  for (let after: { createdAt: Date; id: string } | undefined; ; ) {
    const page = await listDeadLetters(letters.prisma, { fingerprint }, { limit: 2, after });
    walked.push(...page.map(({ id }) => id));
    after = page.at(-1);
    if (page.length < 2) break;
  }
  expect(walked).toEqual(ids.toReversed());
  const list = (filter: Parameters<typeof listDeadLetters>[1]) =>
    listDeadLetters(letters.prisma, { fingerprint, ...filter }, { limit: 10 }).then((page) => page.length);
  expect(await list({ state: 'open' })).toBe(4);
  expect(await list({ state: 'replayed' })).toBe(1);
  expect(await list({ queue: 'send-messages' })).toBe(0);
  expect(await list({ failureClass: 'RangeError' })).toBe(5);
  expect(await list({ since: letters.clock.now() })).toBe(0);
  expect(await list({ until: letters.clock.now() })).toBe(5);
});

test('a letter shows its audit, what a replay would do, and afterwards as what it went out', async () => {
  const { message, letterId } = await letters.giveUpMessage(await letters.tenant());
  const deps = { prisma: letters.prisma, dataKeys: testDataKeys };
  const show = () => showDeadLetter(deps, letterId, letters.clock.now());
  expect(await show()).toMatchObject({ replay: { kind: 'replay' }, replayedAs: null, messageId: message.id });
  await letters.replay({ id: letterId });
  const [replay] = await letters.replaysOf(message.id);
  expect(await show()).toMatchObject({
    replay: null,
    replayedAs: replay?.id,
    actions: [
      { action: 'buried', actor: 'tollgate' },
      { action: 'replayed', actor: 'olga@example.com', selection: { id: letterId } },
    ],
  });
  expect(await showDeadLetter(deps, newId(), letters.clock.now())).toBeNull();
});
