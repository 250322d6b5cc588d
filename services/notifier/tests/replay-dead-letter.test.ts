import { replayDeadLetters } from '@tollgate/shared/dead-letters/replay-dead-letters.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NotifierFixture, startNotifierFixture } from './notifier-fixture.ts';

let notifier: NotifierFixture;

beforeAll(async () => {
  notifier = await startNotifierFixture();
});
afterAll(() => notifier.close());

test('a mail that its server refused goes out once somebody replays its dead letter', async () => {
  notifier.server.misbehave({ refuseRecipient: 550 });
  const id = await notifier.notify();
  await notifier.queue.drain();
  await notifier.send(id);
  const [letter] = await notifier.deadLetters(id);
  expect(notifier.server.taken).toEqual([]);

  const deps = { ...notifier.deps, dataKeys: null, mirror: { remove: async () => undefined } };
  await replayDeadLetters(deps, { selection: { id: letter?.id ?? '' }, rate: 10, actor: 'olga@example.com' });
  expect(await notifier.queue.getWaiting()).toMatchObject([{ data: { notificationId: id } }]);
  await notifier.send(id);
  expect(notifier.server.taken).toHaveLength(1);
  expect(await notifier.row(id)).toMatchObject({ sentAt: notifier.clock.now(), wakeAt: null });
});

test('a mail that is refused again after a replay is one dead letter, open again', async () => {
  notifier.server.misbehave({ refuseRecipient: 550 }, { refuseRecipient: 551 });
  const id = await notifier.notify();
  await notifier.send(id);
  const [first] = await notifier.deadLetters(id);
  const deps = { ...notifier.deps, dataKeys: null, mirror: { remove: async () => undefined } };
  await replayDeadLetters(deps, { selection: { id: first?.id ?? '' }, rate: 10, actor: 'olga@example.com' });
  await notifier.send(id);
  expect(await notifier.deadLetters(id)).toMatchObject([
    { id: first?.id, state: 'open', failureClass: 'smtp_551', resolvedAt: null },
  ]);
});
