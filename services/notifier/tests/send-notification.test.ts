import { claimNotification } from '@tollgate/shared/notifications/claim-notification.ts';
import { MailContent } from '@tollgate/shared/notifications/notices.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildMail } from '../src/send-notification/build-mail.ts';
import { ATTEMPTS_MAX } from '../src/send-notification/decide-next-step.ts';
import { type NotifierFixture, startNotifierFixture } from './notifier-fixture.ts';

let notifier: NotifierFixture;

beforeAll(async () => {
  notifier = await startNotifierFixture();
});
afterAll(() => notifier.close());
beforeEach(async () => {
  notifier.server.taken.length = 0;
  notifier.server.read.length = 0;
  await notifier.queue.drain(true);
});

/** A worker that took the mail and dies before it can say what became of it. */
async function claimAndDie(id: string) {
  const now = notifier.clock.now();
  return claimNotification(notifier.prisma, id, now, new Date(now.getTime() + MINUTE_MS));
}

describe('a mail', () => {
  test('that was sent is never sent again', async () => {
    const id = await notifier.notify();
    await notifier.send(id);
    const sentAt = notifier.clock.now();
    await notifier.send(id);
    notifier.clock.advance(24 * HOUR_MS);
    expect(await notifier.sweepNow()).toBe(0);
    await notifier.send(id);
    expect(notifier.server.taken).toHaveLength(1);
    expect(await notifier.row(id)).toMatchObject({ sentAt, wakeAt: null, attempts: 1, lastError: null });
  });

  test('goes to its one recipient, even where the address reads like a list', async () => {
    const id = await notifier.notify({ recipient: 'owner@bookshop.example, other@elsewhere.example' });
    await notifier.send(id);
    expect(notifier.server.taken).toEqual([]);
    expect(await notifier.row(id)).toMatchObject({ sentAt: null, wakeAt: null });
    expect(await notifier.deadLetters(id)).toMatchObject([{ failureClass: 'smtp_501' }]);
  });

  test('whose job was lost is found by the sweep', async () => {
    const id = await notifier.notify();
    await notifier.queue.drain();
    expect(await notifier.sweepNow()).toBe(0);
    notifier.clock.advance(30 * SECOND_MS);
    expect(await notifier.sweepNow()).toBe(1);
    const [job] = await notifier.queue.getWaiting();
    expect(job?.data).toEqual({ notificationId: id });
    await Promise.all([1, 2, 3].map(() => notifier.send(id)));
    expect(notifier.server.taken).toHaveLength(1);
  });

  test('whose content cannot be read is given up without a call', async () => {
    const id = await notifier.notify();
    await notifier.prisma.notification.update({ where: { id }, data: { content: { usage: 'much' } } });
    await notifier.send(id);
    expect(notifier.server.read).toEqual([]);
    expect(await notifier.row(id)).toMatchObject({ sentAt: null, wakeAt: null });
    expect(await notifier.deadLetters(id)).toMatchObject([{ failureClass: 'content_unreadable' }]);
  });
});

describe('a worker that died', () => {
  test('keeps its mail until the lease is over, and nobody else sends it', async () => {
    const id = await notifier.notify();
    await claimAndDie(id);
    notifier.clock.advance(59 * SECOND_MS);
    await notifier.send(id);
    expect(await notifier.sweepNow()).toBe(0);
    expect(notifier.server.taken).toHaveLength(0);
    notifier.clock.advance(SECOND_MS);
    expect(await notifier.sweepNow()).toBe(1);
    await notifier.send(id);
    expect(notifier.server.taken).toHaveLength(1);
    expect(await notifier.row(id)).toMatchObject({ attempts: 2, wakeAt: null });
  });

  test('after the server had taken the mail leads to a copy under the same Message-ID', async () => {
    const id = await notifier.notify();
    const claim = await claimAndDie(id);
    if (claim === null) throw new Error('the mail was not to be had');
    const summary = MailContent.parse(claim);
    await notifier.deps.mailer.send(buildMail(claim, summary, [], notifier.deps.mailFrom));
    notifier.clock.advance(MINUTE_MS);
    await notifier.send(id);
    expect(notifier.server.taken.map(({ messageId }) => messageId)).toEqual([
      `<${id}@tollgate.example>`,
      `<${id}@tollgate.example>`,
    ]);
    expect((await notifier.row(id)).sentAt).toEqual(notifier.clock.now());
  });

  test('again and again does not keep its mail alive for ever', async () => {
    const id = await notifier.notify();
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      expect(await claimAndDie(id)).toMatchObject({ attempts: attempt });
      notifier.clock.advance(MINUTE_MS);
    }
    await notifier.send(id);
    expect(notifier.server.read).toEqual([]);
    expect(await notifier.row(id)).toMatchObject({ sentAt: null, wakeAt: null });
    expect(await notifier.deadLetters(id)).toMatchObject([{ failureClass: 'attempts_used_up' }]);
  });
});
