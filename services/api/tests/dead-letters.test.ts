import { bury, type NewDeadLetter } from '@tollgate/shared/dead-letters/bury.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { closePeriods, sendMessages } from '@tollgate/shared/queues/catalog.ts';
import { deadLetterQueue } from '@tollgate/shared/queues/define-queue.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

const PATH = '/v1/admin/dead-letters';

let api: ApiFixture;
const sessions: Record<string, string> = {};

beforeAll(async () => {
  api = await startApiFixture();
  for (const role of ['viewer', 'operator'] as const) sessions[role] = await api.operatorCookie(role);
});
afterAll(() => api.close());

const asked = (
  method: string,
  path: string,
  {
    role = 'operator',
    json,
    headers = {},
  }: { role?: string; json?: unknown; headers?: Record<string, string> } = {},
) =>
  api.call(method, `${PATH}${path}`, {
    headers: { cookie: sessions[role] ?? '', ...headers },
    ...(json === undefined ? {} : { json }),
  });

async function buryLetter(overrides: Partial<NewDeadLetter> = {}): Promise<string> {
  const { prisma, connection, log, clock } = api;
  const letter: NewDeadLetter = {
    queue: closePeriods.name,
    jobId: newId(),
    payload: { trigger: 'catch-up' },
    failureClass: 'RangeError',
    failureDetail: 'no such account',
    fingerprint: 'no-such-account',
    attempts: 5,
    ...overrides,
  };
  const producer = createProducer({ connection, logger: log.logger });
  await inTransaction({ prisma, producer }, (tx) => bury(tx, letter, clock.now()));
  const { queue, jobId } = letter;
  const row = await prisma.deadLetter.findUniqueOrThrow({ where: { queue_jobId: { queue, jobId } } });
  return toPublicId('dlq', row.id);
}

async function giveUpMessage(fingerprint: string) {
  const { prisma, clock } = api;
  const tenant = await buildTenant(prisma);
  const message = await buildMessage(prisma, tenant, { acceptedAt: clock.now() });
  await prisma.message.update({
    where: { id: message.id },
    data: { state: 'failed', finishedAt: clock.now(), wakeAt: null },
  });
  const id = await buryLetter({
    queue: sendMessages.name,
    jobId: `message ${message.id}`,
    payload: { messageIds: [message.id] },
    failureClass: 'provider_unavailable',
    fingerprint,
    messageId: message.id,
    tenantId: tenant.id,
    atStakeMicros: message.priceMicros,
    currency: message.currency,
  });
  return { id, tenant, message };
}

async function mirrored(): Promise<string[]> {
  const references = await api.waiting(deadLetterQueue(sendMessages));
  return references.map(({ deadLetterId }) => toPublicId('dlq', deadLetterId));
}

describe('who may decide about dead letters', () => {
  test('strangers and tenants get nothing', async () => {
    const { key } = await api.tenantWithKey();
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/groups'],
      ['GET', '/x'],
      ['POST', '/replay'],
      ['POST', '/discard'],
    ] as const) {
      const answer = await api.call(method, `${PATH}${path}`, { key });
      expect(answer, `${method} ${path}`).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    }
  });

  test('viewers look, and change nothing', async () => {
    const id = await buryLetter();
    expect((await asked('GET', '', { role: 'viewer' })).status).toBe(200);
    for (const [path, json] of [
      ['/replay', { id }],
      ['/discard', { id, reason: 'old' }],
    ] as const) {
      const answer = await asked('POST', path, { role: 'viewer', json });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await asked('GET', `/${id}`)).body.state).toBe('open');
  });

  test('a page of another origin cannot make an operator’s browser decide', async () => {
    const headers = { origin: 'http://neighbour.localhost' };
    const json = { id: await buryLetter() };
    expect(await asked('POST', '/replay', { json, headers })).toMatchObject({ status: 403 });
  });

  test('the session is not sent with tenants’ requests', async () => {
    const form = new URLSearchParams({ email: 'operator@example.com', password: 'correct' });
    const answer = await fetch(`${api.url}/admin/login`, { method: 'POST', body: form, redirect: 'manual' });
    const paths = answer.headers.getSetCookie().map((cookie) => /Path=([^;]+)/.exec(cookie)?.[1]);
    expect(paths).toEqual(['/admin', '/v1/admin']);
    for (const cookie of answer.headers.getSetCookie()) expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
  });
});

describe('dead letters', () => {
  test('are listed page by page, newest first, by each filter', async () => {
    const fingerprint = newId();
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.push(await buryLetter({ fingerprint }));
    const first = await asked('GET', `?fingerprint=${fingerprint}&limit=2`);
    expect(first.body).toMatchObject({ hasMore: true, deadLetters: [{ id: ids[2] }, { id: ids[1] }] });
    const second = await asked('GET', `?fingerprint=${fingerprint}&limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ hasMore: false, nextCursor: null, deadLetters: [{ id: ids[0] }] });
    const since = new Date(api.clock.now().getTime() + 1).toISOString();
    for (const none of [
      'state=replayed',
      'queue=roll-up-usage',
      `since=${since}`,
      `tenantId=${toPublicId('tnt', newId())}`,
    ]) {
      expect((await asked('GET', `?fingerprint=${fingerprint}&${none}`)).body.deadLetters, none).toEqual([]);
    }
    expect((await asked('GET', `?fingerprint=${fingerprint}&state=all`)).body.deadLetters).toHaveLength(3);
  });

  test('of one cause are told as one, with the money at stake and who it belongs to', async () => {
    const fingerprint = newId();
    const [first] = [await giveUpMessage(fingerprint), await giveUpMessage(fingerprint)];
    const { body } = await asked('GET', `/groups?fingerprint=${fingerprint}`);
    expect(body.groups).toMatchObject([
      { fingerprint, count: 2, replayable: 2, tenants: 2, atStake: [{ amount: '3.00', currency: 'CZK' }] },
    ]);
    const tenantId = toPublicId('tnt', first.tenant.id);
    expect((await asked('GET', `/groups?tenantId=${tenantId}`)).body.groups).toMatchObject([{ count: 1 }]);
  });

  test('are replayed: a dry run changes nothing, the replay stores a message, and the letter tells all of it', async () => {
    const { id, tenant, message } = await giveUpMessage(newId());
    const told = await asked('POST', '/replay', { json: { id, dryRun: true, rate: 5 } });
    expect(told.body).toMatchObject({
      dryRun: true,
      operationId: null,
      matched: 1,
      replayed: 1,
      expired: 0,
      refused: [],
      tenants: 1,
      atStake: [{ amount: '1.50', currency: 'CZK' }],
    });
    expect(await api.prisma.message.count({ where: { replayOf: message.id } })).toBe(0);
    expect((await asked('GET', `/${id}`)).body).toMatchObject({ state: 'open', replay: { kind: 'replay' } });
    expect(await mirrored()).toContain(id);

    const done = await asked('POST', '/replay', { json: { id, reason: 'the provider is back' } });
    expect(done.body).toMatchObject({ dryRun: false, replayed: 1 });
    const replay = await api.prisma.message.findFirstOrThrow({ where: { replayOf: message.id } });
    expect(await mirrored()).not.toContain(id);
    expect((await asked('GET', `/${id}`)).body).toMatchObject({
      state: 'replayed',
      resolvedBy: 'operator@example.com',
      messageId: toPublicId('msg', message.id),
      replayedAs: toPublicId('msg', replay.id),
      replay: null,
      atStake: [{ tenantId: toPublicId('tnt', tenant.id), amount: '1.50', currency: 'CZK' }],
      actions: [
        { action: 'buried', actor: 'tollgate' },
        {
          action: 'replayed',
          actor: 'operator@example.com',
          reason: 'the provider is back',
          operationId: done.body.operationId,
        },
      ],
    });
    expect((await asked('POST', '/replay', { json: { id } })).body).toMatchObject({
      matched: 0,
      replayed: 0,
    });
  });

  test('that are over are not replayed', async () => {
    const { id, message } = await giveUpMessage(newId());
    await api.prisma.message.update({
      where: { id: message.id },
      data: { expiresAt: new Date(testNow.getTime() + MINUTE_MS) },
    });
    api.clock.advance(MINUTE_MS);
    expect((await asked('POST', '/replay', { json: { id } })).body).toMatchObject({
      replayed: 0,
      expired: 1,
    });
    expect((await asked('GET', `/${id}`)).body).toMatchObject({ state: 'expired', replayedAs: null });
  });

  test('are discarded as a group, with a reason', async () => {
    const fingerprint = newId();
    const id = await buryLetter({ fingerprint });
    await buryLetter({ fingerprint });
    const refused = await asked('POST', '/discard', { json: { fingerprint } });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/reason' }] } });
    const json = { fingerprint, reason: 'a test of last year' };
    expect((await asked('POST', '/discard', { json: { ...json, dryRun: true } })).body.discarded).toBe(2);
    expect((await asked('POST', '/discard', { json })).body).toMatchObject({ discarded: 2, dryRun: false });
    expect((await asked('GET', `/${id}`)).body).toMatchObject({
      state: 'discarded',
      actions: [{}, { action: 'discarded', reason: 'a test of last year', selection: { fingerprint } }],
    });
  });

  test('are replayed by a filter', async () => {
    const failureClass = `class-${newId()}`;
    await buryLetter({ failureClass });
    await buryLetter({ failureClass });
    const json = { filter: { failureClass, queue: closePeriods.name }, rate: 100 };
    expect((await asked('POST', '/replay', { json })).body).toMatchObject({
      matched: 2,
      replayed: 2,
      takesMs: 10,
    });
  });
});

describe('a request that does not fit is refused by the name of its field', () => {
  test.each([
    [{}, '#'],
    [{ id: 'dlq_x' }, '#/id'],
    [{ fingerprint: 'a', filter: { queue: 'b' } }, '#'],
    [{ filter: {} }, '#/filter'],
    [{ filter: { tenantId: 'acme' } }, '#/filter/tenantId'],
    [{ filter: { since: 'yesterday' } }, '#/filter/since'],
    [{ filter: { queue: 'b', colour: 'red' } }, '#/filter/colour'],
    [{ fingerprint: 'a', rate: 0 }, '#/rate'],
    [{ fingerprint: 'a', rate: 101 }, '#/rate'],
    [{ fingerprint: 'a', dryrun: true }, '#/dryrun'],
  ])('%j', async (json, pointer) => {
    const { status, body } = await asked('POST', '/replay', { json });
    expect([status, body.errors?.map((error: { pointer: string }) => error.pointer)]).toEqual([
      400,
      [pointer],
    ]);
  });

  test.each([
    ['?state=buried', 'state'],
    ['?colour=red', 'colour'],
    ['?limit=0', 'limit'],
    ['?cursor=x', 'cursor'],
    ['/groups?since=now', 'since'],
  ])('GET %s', async (query, parameter) => {
    const { status, body } = await asked('GET', query);
    expect([status, body.errors]).toMatchObject([400, [{ parameter }]]);
  });

  test('a letter that is not there is not found', async () => {
    const id = toPublicId('dlq', newId());
    expect((await asked('GET', `/${id}`)).status).toBe(404);
    expect((await asked('POST', '/replay', { json: { id } })).status).toBe(404);
    expect((await asked('POST', '/discard', { json: { id, reason: 'none' } })).status).toBe(404);
  });
});
