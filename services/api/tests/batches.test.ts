import { newId } from '@tollgate/shared/ids/ids.ts';
import { sendCampaigns, sendMessages } from '@tollgate/shared/queues/catalog.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { body, numberOf, sendBatch, to } from './batch-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const storedMessages = (tenantId: string) => api.prisma.message.count({ where: { tenantId } });

/** Jobs of the queues that wait, now or for their time. */
async function jobsOf(...queues: { name: string }[]) {
  const waiting = queues.map(({ name }) =>
    api.connection.queue(name).getJobs(['prioritized', 'delayed', 'waiting']),
  );
  return (await Promise.all(waiting)).flat();
}

describe('a batch of 10,000 with 37 bad numbers', () => {
  // Every 270th is a landline.
  const isBad = (index: number) => index % 270 === 7 && index < 37 * 270;
  const recipients = Array.from({ length: 10_000 }, (_, index) => ({
    to: isBad(index) ? '+420222111222' : numberOf(index),
    values: { name: `Customer ${index}` },
    reference: `order-${index}`,
  }));
  const request = { body: 'Hello {{name}}', campaign: 'spring', recipients };
  const badIndexes = recipients.flatMap((_, index) => (isBad(index) ? [index] : []));

  test('is refused as a whole where the credit covers a part, with the exact shortfall, and stores nothing', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 6_000_000_000n });
    expect(badIndexes).toHaveLength(37);
    const answer = await sendBatch(api, key, request, 'campaign');
    expect(answer).toMatchObject({
      status: 402,
      body: {
        code: 'insufficient_credit',
        available: '6000.00',
        price: '14944.50',
        shortfall: '8944.50',
        currency: 'CZK',
      },
    });
    expect(await storedMessages(tenant.id)).toBe(0);
    expect(await api.prisma.batch.count({ where: { tenantId: tenant.id } })).toBe(0);
    expect(await api.prisma.idempotencyKey.count({ where: { tenantId: tenant.id } })).toBe(0);
  });

  test('is accepted as far as the credit reaches with partial, and says of each why not', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 6_000_000_000n });
    const { status, headers, body } = await sendBatch(api, key, { ...request, partial: true });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(body.links.self);
    // 4,000 fit; the bad ones among them cost nothing, so that the prefix ends behind 4,015 recipients.
    const fitting = recipients.flatMap((_, index) => (isBad(index) ? [] : [index])).slice(0, 4_000);
    expect(body).toMatchObject({
      recipients: 10_000,
      accepted: 4_000,
      refused: 6_000,
      repeated: 0,
      segments: 4_000,
      price: { amount: '6000.00', currency: 'CZK' },
      hasMore: true,
    });
    const batch = await api.prisma.batch.findFirstOrThrow({ where: { tenantId: tenant.id } });
    const items = await api.prisma.batchItem.findMany({
      where: { batchId: batch.id },
      orderBy: { itemIndex: 'asc' },
    });
    const indexesOf = (code: string | null) =>
      items.filter(({ problemCode }) => problemCode === code).map(({ itemIndex }) => itemIndex);
    expect(items.map(({ itemIndex }) => itemIndex)).toEqual(recipients.map((_, index) => index));
    expect(indexesOf(null)).toEqual(fitting);
    expect(indexesOf('invalid_request')).toEqual(badIndexes);
    expect(indexesOf('insufficient_credit')).toHaveLength(10_000 - 4_000 - 37);
    expect(items[7]).toMatchObject({ recipient: '+420222111222', problemPointer: '#/recipients/7/to' });
    const messages = await api.prisma.message.findMany({
      where: { batchId: batch.id },
      orderBy: { id: 'asc' },
      select: { id: true, recipient: true, reference: true, campaign: true },
    });
    expect(messages.map(({ recipient }) => recipient)).toEqual(fitting.map(numberOf));
    expect(messages.map(({ reference }) => reference)).toEqual(fitting.map((index) => `order-${index}`));
    expect(messages.map(({ id }) => id)).toEqual(
      items.flatMap(({ messageId }) => (messageId ? [messageId] : [])),
    );
  });

  test('asked for twice, one after the other, is stored once and answered the same', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 20_000_000_000n });
    const first = await sendBatch(api, key, request, 'campaign');
    const again = await sendBatch(api, key, request, 'campaign');
    expect(first.body).toMatchObject({ accepted: 9_963, refused: 37, price: { amount: '14944.50' } });
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await storedMessages(tenant.id)).toBe(9_963);
  });
});

test('the same request many times at once makes one batch; who comes meanwhile is told to come again', async () => {
  const { tenant, key } = await api.tenantWithKey();
  const request = { body, recipients: Array.from({ length: 300 }, (_, index) => ({ to: numberOf(index) })) };
  const answers = await Promise.all(Array.from({ length: 8 }, () => sendBatch(api, key, request, 'once')));
  const accepted = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status }) => status !== 202);
  expect(new Set(accepted.map((answer) => answer.body.id)).size).toBe(1);
  for (const { status, headers, body: problem } of refused) {
    expect([status, problem.code, headers.get('retry-after')]).toEqual([409, 'idempotency_in_progress', '1']);
  }
  expect(await storedMessages(tenant.id)).toBe(300);
  expect((await sendBatch(api, key, request, 'once')).headers.get('idempotent-replayed')).toBe('true');
});

test('a key of a request that is being stored at this moment is answered 409 with Retry-After', async () => {
  const { tenant, key } = await api.tenantWithKey();
  const request = { body, recipients: [{ to }] };
  const held = `idempotency ${tenant.id} live busy`;
  await api.prisma.$transaction(async (db) => {
    await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${held}, 0))::text`;
    const answer = await sendBatch(api, key, request, 'busy');
    expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_in_progress']);
    expect(answer.headers.get('retry-after')).toBe('1');
  });
  expect((await sendBatch(api, key, request, 'busy')).status).toBe(202);
});

test('the key of a batch used for another content, or for a single message, is a conflict', async () => {
  const { key } = await api.tenantWithKey();
  await sendBatch(api, key, { body, recipients: [{ to }] }, 'one');
  const other = await sendBatch(api, key, { body: 'Good bye', recipients: [{ to }] }, 'one');
  expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
  expect((await api.send(key, { to, body }, 'one')).status).toBe(409);
  await api.send(key, { to, body }, 'two');
  expect((await sendBatch(api, key, { body, recipients: [{ to }] }, 'two')).status).toBe(409);
});

describe('a batch', () => {
  test.each([
    [{ body, recipients: [] }, '#/recipients'],
    [{ body }, '#/recipients'],
    [{ body, recipients: Array.from({ length: 10_001 }, () => ({ to })) }, '#/recipients'],
    [{ body, recipients: [{ to }], sender: 'far too long a name' }, '#/sender'],
    [{ body, recipients: [{ to }], sendAt: '2020-01-01T00:00:00Z' }, '#/sendAt'],
    [{ body, recipients: [{ to }], validUntil: '2020-01-01T00:00:00Z' }, '#/validUntil'],
    [{ body, recipients: [{ to }], reference: 'x' }, '#/reference'],
    [{ body: 'x'.repeat(1_001), recipients: [{ to }, { to, body }] }, '#/body'],
    [{ body: '{{a}}'.repeat(2_001), recipients: [{ to, values: { a: '' } }] }, '#/body'],
  ])('whose common part does not fit is refused as a whole: %.60j', async (request, pointer) => {
    const { tenant, key } = await api.tenantWithKey();
    expect(await sendBatch(api, key, request)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
    expect(await storedMessages(tenant.id)).toBe(0);
  });

  test('of 10,000 long texts is taken; one over the limit is refused with the limit named', async () => {
    const { key } = await api.tenantWithKey();
    const recipients = (text: string) => Array.from({ length: 10_000 }, () => ({ to: 'nobody', body: text }));
    const taken = await sendBatch(api, key, { recipients: recipients('x'.repeat(1_000)) });
    expect([taken.status, taken.body.refused]).toEqual([202, 10_000]);
    const tooLarge = await sendBatch(api, key, { recipients: recipients('x'.repeat(1_700)) });
    expect(tooLarge).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(tooLarge.body.detail).toContain('16,777,216 bytes');
  });

  test('of a stranger is not even read', async () => {
    const answer = await api.call('POST', '/v1/sms/batch', { json: '{' });
    expect(answer.status).toBe(401);
  });

  test('stands behind what its tenant has waiting already, chunk by chunk', async () => {
    const { key } = await api.tenantWithKey();
    const { key: otherKey } = await api.tenantWithKey();
    const recipients = Array.from({ length: 250 }, (_, index) => ({ to: numberOf(index) }));
    const { body: one } = await sendBatch(api, key, { body, recipients });
    const { body: two } = await sendBatch(api, key, { body, recipients });
    const { body: other } = await sendBatch(api, otherKey, { body, recipients });
    const single = await api.send(key, { to, body });
    const jobs = await jobsOf(sendCampaigns, sendMessages);
    const priorities = async (batchIds: (string | null)[]) => {
      const messages = await api.prisma.message.findMany({
        where: { batchId: { in: batchIds as string[] } },
      });
      const ids = new Set(messages.map(({ id }) => id));
      return jobs
        .filter(({ data }) => data.messageIds.some((id: string) => ids.has(id)))
        .map(({ opts }) => opts.priority)
        .sort();
    };
    const uuid = ({ id }: { id: string }) => id.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    expect(await priorities([uuid(one)])).toEqual([1, 2, 3]);
    expect(await priorities([uuid(two)])).toEqual([3, 4, 5]);
    expect(await priorities([uuid(other)])).toEqual([1, 2, 3]);
    const singleJob = jobs.find(({ data }) => data.messageIds.includes(uuid(single.body)));
    // Its lane has no such order: what comes first is sent first.
    expect([singleJob?.name, singleJob?.opts.priority]).toEqual([sendMessages.name, undefined]);
  });

  test('of a test key needs no credit and charges nothing', async () => {
    const { key } = await api.tenantWithKey({ balanceMicros: 0n, mode: 'test' });
    expect((await sendBatch(api, key, { body, recipients: [{ to }] })).body).toMatchObject({
      accepted: 1,
      mode: 'test',
    });
  });

  test('that is scheduled is stored and wakes nobody yet', async () => {
    const { key } = await api.tenantWithKey();
    const sendAt = '2026-03-10T18:00:00.000Z';
    const { body: answer } = await sendBatch(api, key, { body, sendAt, recipients: [{ to }] });
    expect(answer.sendAt).toBe(sendAt);
    const jobs = await jobsOf(sendCampaigns, sendMessages);
    const message = await api.prisma.message.findFirstOrThrow({ where: { recipient: to, sendAt } });
    expect(jobs.some(({ data }) => data.messageIds.includes(message.id))).toBe(false);
  });

  test('is read with its counts, and its items page by page', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const recipients = Array.from({ length: 7 }, (_, index) => ({
      to: index === 3 ? 'nobody' : numberOf(index),
    }));
    const { body: answer } = await sendBatch(api, key, { body, campaign: 'c', recipients });
    await api.prisma.$executeRaw`
      UPDATE messages SET state = 'sent', sent_at = now() WHERE tenant_id = ${tenant.id}::uuid AND recipient IN (${numberOf(0)}, ${numberOf(1)})`;
    expect((await api.call('GET', answer.links.self, { key })).body).toMatchObject({
      id: answer.id,
      recipients: 7,
      accepted: 6,
      refused: 1,
      states: { accepted: 4, sent: 2 },
      progress: 33,
      charged: { amount: '0.00', currency: 'CZK' },
    });
    const seen: { index: number; messageState: string | null; problem: object | null }[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? 'limit=3' : `limit=3&cursor=${cursor}`;
      const { body: page } = await api.call('GET', `${answer.links.items}?${query}`, { key });
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(seen.map(({ messageState }) => messageState)).toEqual([
      'sent',
      'sent',
      'accepted',
      null,
      'accepted',
      'accepted',
      'accepted',
    ]);
    const { body: refused } = await api.call('GET', `${answer.links.items}?state=refused`, { key });
    expect(refused.items).toMatchObject([{ index: 3, to: 'nobody', problem: { code: 'invalid_request' } }]);
  });

  test('stands in the list, newest first, and is nobody else’s', async () => {
    const { key } = await api.tenantWithKey();
    const stranger = await api.tenantWithKey();
    const ids: string[] = [];
    for (const campaign of ['one', 'two', 'three']) {
      ids.unshift((await sendBatch(api, key, { body, campaign, recipients: [{ to }] })).body.id);
    }
    const { body: page } = await api.call('GET', '/v1/sms/batches?limit=2', { key });
    const { body: rest } = await api.call('GET', `/v1/sms/batches?limit=2&cursor=${page.nextCursor}`, {
      key,
    });
    const listed = [...page.batches, ...rest.batches].map(({ id }: { id: string }) => id);
    expect(listed).toEqual(ids);
    expect(rest.nextCursor).toBeNull();
    expect((await api.call('GET', '/v1/sms/batches', { key: stranger.key })).body.batches).toEqual([]);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/items'],
      ['POST', '/cancel'],
    ] as const) {
      const answer = await api.call(method, `/v1/sms/batches/${ids[0]}${path}`, { key: stranger.key });
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
  });

  test('is canceled but for what was handed over, and what was reserved is free again', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 6_000_000n });
    const recipients = Array.from({ length: 4 }, (_, index) => ({ to: numberOf(index) }));
    const { body: answer } = await sendBatch(api, key, { body, recipients });
    const messages = await api.prisma.message.findMany({
      where: { tenantId: tenant.id },
      orderBy: { id: 'asc' },
    });
    const at = api.clock.now();
    // The first is on its way; the second waits for a retry with its credit still reserved.
    for (const [index, { id: messageId, tenantId }] of messages.slice(0, 2).entries()) {
      const closed = index === 0 ? {} : { closedAt: at, outcome: 'unavailable' };
      await api.prisma.messageAttempt.create({
        data: {
          id: newId(),
          messageId,
          tenantId,
          number: 1,
          provider: 'sms-manager',
          openedAt: at,
          ...closed,
        },
      });
      await api.prisma.message.update({
        where: { id: messageId },
        data: { state: 'sending', attemptCount: 1 },
      });
      await api.prisma.creditReservation.create({
        data: { messageId, tenantId, currency: 'CZK', amountMicros: 1_500_000n, state: 'open', openedAt: at },
      });
    }
    await api.prisma.account.updateMany({
      where: { tenantId: tenant.id },
      data: { reservedMicros: 3_000_000n },
    });
    const cancel = () => api.call('POST', answer.links.cancel, { key });
    const first = await cancel();
    expect(first).toMatchObject({ status: 200, body: { canceled: 3, canceledBefore: 0, tooLate: 1 } });
    expect(first.body.batch).toMatchObject({ states: { canceled: 3, sending: 1 }, progress: 75 });
    expect((await cancel()).body).toMatchObject({ canceled: 0, canceledBefore: 3, tooLate: 1 });
    const account = await api.prisma.account.findFirstOrThrow({ where: { tenantId: tenant.id } });
    expect(account).toMatchObject({ balanceMicros: 6_000_000n, reservedMicros: 1_500_000n });
  });
});
