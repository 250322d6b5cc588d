import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { storeDeadLetter } from '@tollgate/shared/dead-letters/bury.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { closePeriods, sendMessages } from '@tollgate/shared/queues/catalog.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant, testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { describeOnEachQueue, openTestQueue, queueUrl } from '@tollgate/shared/testing/test-queues.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(() => database.close());

const program = join(import.meta.dirname, '../src/main.ts');

async function run(words: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [program, 'dead-letters', ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code, output, complaint };
}

const own = { DATABASE_URL: database.url, USER: 'olga', MASTER_KEY: testMasterKey.toString('base64') };

async function giveUpMessage(
  fingerprint: string,
  { validMs = MINUTE_MS * 10, failureClass = 'provider_unavailable' } = {},
) {
  const now = systemClock.now();
  const tenant = await buildTenant(prisma, { createdAt: now });
  const expiresAt = new Date(now.getTime() + validMs);
  const message = await buildMessage(prisma, tenant, { acceptedAt: now, expiresAt });
  await prisma.message.update({
    where: { id: message.id },
    data: { state: 'failed', finishedAt: now, wakeAt: null },
  });
  const letter = {
    queue: sendMessages.name,
    jobId: `message ${message.id}`,
    payload: { messageIds: [message.id] },
    failureClass,
    failureDetail: 'the provider did not answer',
    fingerprint,
    attempts: 6,
    messageId: message.id,
    tenantId: tenant.id,
    atStakeMicros: message.priceMicros,
    currency: message.currency,
  };
  const id = await prisma.$transaction((db) => storeDeadLetter(db, letter, now));
  return { id: toPublicId('dlq', id), message };
}

const buryJob = (fingerprint: string) =>
  prisma.$transaction((db) =>
    storeDeadLetter(
      db,
      {
        queue: closePeriods.name,
        jobId: newId(),
        payload: { trigger: 'catch-up' },
        failureClass: 'RangeError',
        failureDetail: 'broken',
        fingerprint,
        attempts: 5,
      },
      systemClock.now(),
    ),
  );

test('list, groups and show need no queue, and tell what is at stake', async () => {
  const { id } = await giveUpMessage('outage-1');
  await giveUpMessage('outage-1');
  const list = await run(['list', '--fingerprint', 'outage-1'], own);
  expect(list.code).toBe(0);
  expect(list.output).toMatch(
    new RegExp(`${id} +\\S+ +open +send-messages +provider_unavailable +1.50 CZK\n`),
  );
  const groups = await run(['groups', '--queue', 'send-messages', '--fingerprint', 'outage-1'], own);
  expect(groups.output).toMatch(/^FINGERPRINT .*\noutage-1 +2 +2 +2 +3.00 CZK /);
  const shown = await run(['show', '--id', id], own);
  expect(shown.output).toMatch(/failure +provider_unavailable: the provider did not answer\n/);
  expect(shown.output).toMatch(/replay +it can be replayed\n/);
  expect(shown.output).toMatch(/buried +tollgate\n$/);
  const json = await run(['list', '--fingerprint', 'outage-1', '--json'], own);
  expect(JSON.parse(json.output)).toMatchObject([{ atStakeMicros: '1500000' }, {}]);
  expect(await run(['show', '--id', toPublicId('dlq', newId())], own)).toMatchObject({ code: 1 });
});

test('what is not understood ends with 2: no letters named, a wrong rate, no reason, no queue', async () => {
  expect(await run(['replay'], own)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('--fingerprint'),
  });
  expect(await run(['replay', '--id', 'dlq_1'], own)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('--id'),
  });
  expect(await run(['replay', '--queue', 'x', '--rate', '101'], own)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('--rate must be a whole number from 1 to 100'),
  });
  expect(await run(['discard', '--queue', 'x'], own)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('--reason'),
  });
  expect(await run(['replay', '--queue', 'x'], own)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('QUEUE_URL'),
  });
  expect(await run(['list', '--state', 'lost'], own)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining('--state'),
  });
});

describeOnEachQueue('replay and discard', (backend) => {
  const prefix = `test-${randomUUID()}`;
  const env = { ...own, QUEUE_URL: queueUrl(backend, database), QUEUE_PREFIX: prefix };
  let connection: Awaited<ReturnType<typeof openTestQueue>>;
  beforeAll(async () => {
    connection = await openTestQueue(backend, database, { prefix, workersMax: 0 });
  });
  afterAll(() => connection.close());

  test('a dry run changes nothing; the replay does what it said, once', async () => {
    const fingerprint = `outage-${newId()}`;
    const { message } = await giveUpMessage(fingerprint);
    await giveUpMessage(fingerprint, { validMs: -1 });
    const words = ['replay', '--fingerprint', fingerprint, '--rate', '5'];
    const told = await run([...words, '--dry-run'], own);
    expect(told).toMatchObject({ code: 0, complaint: '' });
    expect(told.output).toBe(
      [
        '2 open letters are selected.',
        '1 would be replayed: 1.50 CZK, 1 tenant.',
        '1 is over and would expire.',
        'Nothing was changed.',
        '',
      ].join('\n'),
    );
    expect(await prisma.deadLetter.count({ where: { fingerprint, state: 'open' } })).toBe(2);
    const done = await run([...words, '--reason', 'the provider is back', '--json'], env);
    expect(JSON.parse(done.output)).toMatchObject({ matched: 2, done: 1, expired: 1 });
    const replay = await prisma.message.findFirstOrThrow({ where: { replayOf: message.id } });
    const jobs = await connection.queue(sendMessages.name).getJobs(['waiting', 'prioritized', 'delayed']);
    expect(jobs.map(({ data }) => data as unknown)).toContainEqual({ messageIds: [replay.id] });
    const audit = await prisma.deadLetterAction.findMany({
      where: { reason: 'the provider is back', deadLetter: { fingerprint } },
      orderBy: { action: 'asc' },
    });
    expect(audit).toMatchObject([
      { action: 'expired', actor: 'cli olga', selection: { fingerprint } },
      { action: 'replayed', actor: 'cli olga', selection: { fingerprint } },
    ]);
    expect((await run(words, env)).output).toContain('0 open letters are selected.');
  });

  test('what is refused stays open, and the command ends with 1', async () => {
    const fingerprint = `outage-${newId()}`;
    const { id } = await giveUpMessage(fingerprint, { failureClass: 'outcome_unknown' });
    const refused = await run(['replay', '--id', id], env);
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining('1 stays open: the provider may have sent it'),
    });
    const { MASTER_KEY: _, ...withoutKey } = env;
    const other = await giveUpMessage(fingerprint);
    const locked = await run(['replay', '--id', other.id], withoutKey);
    expect(locked).toMatchObject({ code: 1, output: expect.stringContaining('MASTER_KEY is missing') });
    expect(await prisma.deadLetter.count({ where: { fingerprint, state: 'open' } })).toBe(2);
  });

  test('jobs are added again without MASTER_KEY, and discarded with a reason', async () => {
    const [again, never] = [`job-${newId()}`, `job-${newId()}`];
    await buryJob(again);
    await buryJob(never);
    const { MASTER_KEY: _, ...withoutKey } = env;
    expect((await run(['replay', '--fingerprint', again], withoutKey)).code).toBe(0);
    expect(await connection.queue(closePeriods.name).getWaitingCount()).toBe(1);
    const discarded = await run(['discard', '--fingerprint', never, '--reason', 'of a test'], withoutKey);
    expect(discarded.output).toContain('1 discarded');
    expect(await prisma.deadLetter.findFirst({ where: { fingerprint: never } })).toMatchObject({
      state: 'discarded',
      resolvedBy: 'cli olga',
    });
    await connection.queue(closePeriods.name).drain();
  });
});
