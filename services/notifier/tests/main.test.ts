import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createNotification } from '@tollgate/shared/notifications/create-notification.ts';
import { testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { queueUrl } from '@tollgate/shared/testing/test-queues.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, expect, test } from 'vitest';
import { startMailServer } from './mail-server.ts';
import { newNotification } from './notifier-fixture.ts';

const database = await createTestDatabase();
const server = await startMailServer();
afterAll(async () => {
  await server.stop();
  await database.close();
});

test('the notifier starts, sends what its sweep finds, and stops when told', async () => {
  const overdue = new Date(Date.now() - MINUTE_MS);
  const id = await createNotification(database.prisma, newNotification(), overdue);
  const notifier = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      TOLLGATE_MODE: 'sandbox',
      DATABASE_URL: database.url,
      QUEUE_URL: queueUrl('postgres', database),
      MASTER_KEY: testMasterKey.toString('base64'),
      SMTP_URL: server.url,
      MAIL_FROM: 'Tollgate <billing@tollgate.example>',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const messages: unknown[] = [];
  createInterface(notifier.stdout).on('line', (line) => messages.push(JSON.parse(line).msg));
  const exited = once(notifier, 'exit');
  try {
    await until('the mail has come', () => server.taken.length > 0, { withinMs: 15_000 });
    await until('the mail is marked', async () => {
      const row = await database.prisma.notification.findUniqueOrThrow({ where: { id } });
      return row.sentAt;
    });
  } finally {
    notifier.kill('SIGTERM');
  }
  expect(await exited).toEqual([0, null]);
  expect(messages[0]).toBe('ready');
  expect(messages.slice(-2)).toEqual(['shutting down', 'stopped']);
  expect(server.taken).toMatchObject([{ messageId: `<${id}@tollgate.example>` }]);
});
