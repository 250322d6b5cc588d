import { until } from '@tollgate/shared/testing/until.ts';
import { HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

describe('a server', () => {
  test.each([{ refuseRecipient: 451 }, { refuseMail: 452 }])(
    'that refuses for now (%o) gets the mail later, once',
    async (refusal) => {
      notifier.server.misbehave(refusal);
      const id = await notifier.notify();
      await notifier.queue.drain();
      await notifier.send(id);
      const code = Object.values(refusal)[0];
      expect(await notifier.row(id)).toMatchObject({
        sentAt: null,
        wakeAt: new Date(notifier.clock.now().getTime() + 2_500),
        lastError: `${code} the test refuses with ${code}`,
      });
      expect(await notifier.queue.getDelayed()).toMatchObject([
        { data: { notificationId: id }, opts: { delay: 2_500 } },
      ]);

      await notifier.send(id);
      expect(notifier.server.taken).toEqual([]);
      notifier.clock.advance(2_500);
      await notifier.send(id);
      await notifier.send(id);
      expect(notifier.server.taken).toHaveLength(1);
      expect(await notifier.row(id)).toMatchObject({ attempts: 2, wakeAt: null });
      expect(await notifier.deadLetters(id)).toEqual([]);
    },
  );

  test.each([{ refuseRecipient: 550 }, { refuseMail: 554 }])(
    'that refuses for good (%o) is not asked again, and a person is told',
    async (refusal) => {
      notifier.server.misbehave(refusal);
      const id = await notifier.notify();
      await notifier.queue.drain();
      await notifier.send(id);
      const code = Object.values(refusal)[0];
      const { tenantId, lastError, wakeAt, sentAt } = await notifier.row(id);
      expect({ lastError, wakeAt, sentAt }).toEqual({
        lastError: `${code} the test refuses with ${code}`,
        wakeAt: null,
        sentAt: null,
      });
      expect(await notifier.deadLetters(id)).toMatchObject([
        {
          queue: 'send-notification',
          payload: { notificationId: id },
          failureClass: `smtp_${code}`,
          attempts: 1,
          tenantId,
        },
      ]);

      notifier.clock.advance(24 * HOUR_MS);
      expect(await notifier.sweepNow()).toBe(0);
      await notifier.send(id);
      expect(await notifier.queue.getDelayed()).toEqual([]);
      expect(notifier.server.taken).toEqual([]);
      expect(await notifier.row(id)).toMatchObject({ attempts: 1, sentAt: null });
    },
  );

  test('that goes away before it replies gets the mail again under the same Message-ID', async () => {
    notifier.server.misbehave('cut');
    const id = await notifier.notify();
    await notifier.send(id);
    expect(await notifier.row(id)).toMatchObject({ sentAt: null, lastError: 'no reply (ECONNECTION)' });
    notifier.clock.advance(2_500);
    await notifier.send(id);
    expect(notifier.server.taken).toHaveLength(1);
    const identity = `<${id}@tollgate.example>`;
    expect(notifier.server.read.map(({ messageId }) => messageId)).toEqual([identity, identity]);
  });

  test('that is away gets the mail when it is back', async () => {
    await notifier.server.stop();
    const id = await notifier.notify();
    await notifier.send(id);
    expect(await notifier.row(id)).toMatchObject({ sentAt: null, lastError: 'no reply (ECONNREFUSED)' });
    await notifier.server.start();
    notifier.clock.advance(2_500);
    await notifier.send(id);
    expect(notifier.server.taken).toHaveLength(1);
  });

  test('that never replies is left after the limit, and tried later', async () => {
    const end = Promise.withResolvers<void>();
    notifier.server.misbehave({ waitFor: end.promise, thenRefuse: 451 });
    const id = await notifier.notify();
    await notifier.send(id);
    end.resolve();
    expect(await notifier.row(id)).toMatchObject({ sentAt: null, lastError: 'no reply (EABORT)' });
    notifier.clock.advance(2_500);
    await notifier.send(id);
    expect(notifier.server.taken).toHaveLength(1);
  });

  test('that refuses for now each time is asked eight times, then a person is told', async () => {
    notifier.server.misbehave(...Array.from({ length: ATTEMPTS_MAX }, () => ({ refuseMail: 421 })));
    const id = await notifier.notify();
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      expect(await notifier.deadLetters(id)).toEqual([]);
      await notifier.send(id);
      notifier.clock.advance(6 * HOUR_MS);
    }
    await notifier.send(id);
    expect(await notifier.sweepNow()).toBe(0);
    expect(notifier.server.read).toHaveLength(ATTEMPTS_MAX);
    expect(notifier.server.taken).toEqual([]);
    expect(await notifier.deadLetters(id)).toMatchObject([
      { failureClass: 'smtp_421', attempts: ATTEMPTS_MAX },
    ]);
  });

  test.each([
    ['takes the mail', {}],
    ['refuses it for good', { thenRefuse: 550 }],
  ])('that %s after the sweep has woken the mail again is not asked again', async (_what, answer) => {
    const reply = Promise.withResolvers<void>();
    notifier.server.misbehave({ waitFor: reply.promise, ...answer });
    const id = await notifier.notify();
    const slow = notifier.send(id);
    await until('the server has the mail', () => notifier.server.read.length === 1);
    notifier.clock.advance(MINUTE_MS);
    expect(await notifier.sweepNow()).toBe(1);
    reply.resolve();
    await slow;
    await notifier.send(id);
    expect(notifier.server.read).toHaveLength(1);
    expect(await notifier.row(id)).toMatchObject({ attempts: 1, wakeAt: null });
  });

  test('that replies after the lease was over changes nothing about a mail sent meanwhile', async () => {
    const reply = Promise.withResolvers<void>();
    notifier.server.misbehave({ waitFor: reply.promise, thenRefuse: 550 });
    const id = await notifier.notify();
    const slow = notifier.send(id);
    await until('the server has the mail', () => notifier.server.read.length === 1);
    notifier.clock.advance(MINUTE_MS);
    await notifier.send(id);
    reply.resolve();
    await slow;
    expect(await notifier.row(id)).toMatchObject({ attempts: 2, wakeAt: null, lastError: null });
    expect((await notifier.row(id)).sentAt).not.toBeNull();
    expect(await notifier.deadLetters(id)).toEqual([]);
  });
});
