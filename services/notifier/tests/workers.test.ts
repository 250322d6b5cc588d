import type { Consumer } from '@tollgate/shared/runtime/consumer.ts';
import { describeOnEachQueue } from '@tollgate/shared/testing/test-queues.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { HOUR_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NotifierFixture, startNotifierFixture } from './notifier-fixture.ts';

describeOnEachQueue('a mail', (backend) => {
  let notifier: NotifierFixture;
  let workers: Consumer[];
  beforeAll(async () => {
    notifier = await startNotifierFixture(backend);
    workers = [notifier.startWorker(), notifier.startWorker()].flat();
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await notifier.close();
  });

  /** Waits until all jobs but the given number of running ones are done. */
  const jobsAreDone = ({ except }: { except: number }) =>
    until(`${except} jobs are left`, async () => {
      const { waiting = 0, active = 0 } = await notifier.queue.getJobCounts('waiting', 'active');
      return waiting === 0 && active === except;
    });

  test('goes out by its job, with its headers and both parts', async () => {
    const id = await notifier.notify();
    await until('the mail is sent', async () => (await notifier.row(id)).sentAt);
    expect(notifier.server.taken).toMatchObject([
      {
        messageId: `<${id}@tollgate.example>`,
        from: { name: 'Tollgate', address: 'billing@tollgate.example' },
        to: [{ address: 'owner@bookshop.example' }],
        date: '2026-03-10T09:00:00.000Z',
        attachments: [],
      },
    ]);
    const [mail] = notifier.server.taken;
    expect(mail?.headers).toContainEqual(
      expect.objectContaining({ originalKey: 'X-Tollgate-Notification', value: id }),
    );
    expect(mail?.subject).toContain('Bookshop');
    expect(mail?.text).toContain('Usage before tax');
    expect(mail?.html).toContain('Usage before tax');
    await until('it is logged', () => notifier.logged().includes(id));
    expect(notifier.logged()).not.toContain('bookshop.example');
  });

  test('is sent once by two workers and a sweep at once', async () => {
    const before = notifier.server.read.length;
    const gate = Promise.withResolvers<void>();
    notifier.server.misbehave({ waitFor: gate.promise });
    const id = await notifier.notify();
    await Promise.all([1, 2, 3].map(() => notifier.enqueue(id)));
    await until('the server has the mail', () => notifier.server.read.length > before);
    await jobsAreDone({ except: 1 });
    // The wake-up that was written with the row comes due while the mail is on its way.
    notifier.clock.advance(31 * SECOND_MS);
    await notifier.sweepNow();
    await notifier.enqueue(id);
    await jobsAreDone({ except: 1 });
    gate.resolve();
    await until('the mail is sent', async () => (await notifier.row(id)).sentAt);

    notifier.clock.advance(HOUR_MS);
    await notifier.sweepNow();
    await notifier.enqueue(id);
    await jobsAreDone({ except: 0 });
    expect(notifier.server.read.length - before).toBe(1);
    expect(await notifier.row(id)).toMatchObject({ attempts: 1, wakeAt: null });
  });
});
