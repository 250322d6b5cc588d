import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { body, numberOf, sendBatch, to } from './batch-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const storedMessages = (tenantId: string) => api.prisma.message.count({ where: { tenantId } });

describe('a recipient', () => {
  const first = async (request: object, overrides = {}) => {
    const { tenant, key } = await api.tenantWithKey(overrides);
    const answer = await sendBatch(api, key, request);
    return { tenant, key, answer, item: answer.body.items?.[0] };
  };

  test.each([
    [{ body, recipients: [{ to: '+420222111222' }] }, '#/recipients/0/to'],
    [{ body, recipients: [{}] }, '#/recipients/0/to'],
    [{ body, recipients: [{ to: 5 }] }, '#/recipients/0/to'],
    [{ body, recipients: ['+420777123456'] }, '#/recipients/0'],
    [{ body, recipients: [null] }, '#/recipients/0/to'],
    [{ body, recipients: [{ to, colour: 'red' }] }, '#/recipients/0/colour'],
    [{ body, recipients: [{ to, 'a\0\ud800': 1 }] }, '#/recipients/0/a\ufffd\ufffd'],
    [{ body, recipients: [{ to: 'x\0' }] }, '#/recipients/0/to'],
    [{ recipients: [{ to }] }, '#/recipients/0/body'],
    [{ body, recipients: [{ to, body: ' ' }] }, '#/recipients/0/body'],
    [{ body: 'Hello {{name}}', recipients: [{ to }] }, '#/recipients/0/values/name'],
    [{ body: 'Hello {{Name}}', recipients: [{ to, values: { name: 'x' } }] }, '#/recipients/0/values/Name'],
    [{ body: '{{a}}', recipients: [{ to, values: { a: 'x'.repeat(1_000), b: '' } }, { to }] }, null],
    [{ body: '{{a}}'.repeat(2_000), recipients: [{ to, values: { a: 'x'.repeat(1_000) } }] }, '#/body'],
    [{ body: '{{a}}!', recipients: [{ to, values: { a: 'x'.repeat(1_000) } }] }, '#/body'],
    [{ body, recipients: [{ to, reference: '' }] }, '#/recipients/0/reference'],
    [{ body, recipients: [{ to, idempotencyKey: 'ž' }] }, '#/recipients/0/idempotencyKey'],
  ])('of %j is refused alone, with a pointer to %s', async (request, pointer) => {
    const { tenant, answer, item } = await first(request);
    expect(answer.status).toBe(202);
    expect(item.problem?.pointer ?? null).toBe(pointer);
    expect(await storedMessages(tenant.id)).toBe(pointer === null ? 1 : 0);
  });

  test('gets its own text, values, reference and metadata over those for all', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const { body: answer } = await sendBatch(api, key, {
      body: 'Hello {{name}}',
      sender: 'Bookshop',
      campaign: 'spring',
      metadata: { list: 'a', kind: 'x' },
      recipients: [
        { to, values: { name: '{{name}} $& Jana' }, reference: 'r1', metadata: { kind: 'y' } },
        { to: numberOf(1), body: 'Only for you' },
      ],
    });
    const ids = answer.items.map(({ messageId }: { messageId: string }) => messageId);
    const views = await Promise.all(
      ids.map((id: string) => api.call('GET', `/v1/sms/messages/${id}`, { key })),
    );
    expect(views.map((view) => view.body)).toMatchObject([
      {
        body: 'Hello {{name}} $& Jana',
        sender: 'Bookshop',
        reference: 'r1',
        metadata: { list: 'a', kind: 'y' },
      },
      { body: 'Only for you', campaign: 'spring', reference: null, metadata: { list: 'a', kind: 'x' } },
    ]);
    expect(await storedMessages(tenant.id)).toBe(2);
  });

  test('is respelled only where the batch asks for it', async () => {
    const { tenant } = await first({ body: 'Příliš', transliterate: true, recipients: [{ to }] });
    const message = await api.prisma.message.findFirstOrThrow({ where: { tenantId: tenant.id } });
    expect(message.encoding).toBe('gsm7');
  });

  test('whose key was used before is answered with that message, and with a conflict for another content', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const single = await api.send(key, { to, body, reference: 'r' }, 'k1');
    const request = {
      body,
      recipients: [
        { to, reference: 'r', idempotencyKey: 'k1' },
        { to: numberOf(1), idempotencyKey: 'k1' },
        { to: numberOf(2), idempotencyKey: 'k2' },
        { to: numberOf(2), idempotencyKey: 'k2' },
        { to: numberOf(3), idempotencyKey: 'k2' },
      ],
    };
    const { body: answer } = await sendBatch(api, key, request);
    expect(answer).toMatchObject({
      accepted: 3,
      repeated: 2,
      refused: 2,
      segments: 1,
      price: { amount: '1.50' },
    });
    const [again, otherNumber, made, twin, otherTwin] = answer.items;
    expect(again).toMatchObject({ state: 'accepted', messageId: single.body.id, repeated: true });
    expect(otherNumber.problem).toMatchObject({
      code: 'idempotency_conflict',
      pointer: '#/recipients/1/idempotencyKey',
    });
    expect(twin).toMatchObject({ messageId: made.messageId, repeated: true });
    expect(otherTwin.problem.code).toBe('idempotency_conflict');
    const repeated = await sendBatch(api, key, request);
    expect(repeated.body).toMatchObject({ accepted: 3, repeated: 3, segments: 0, price: { amount: '0.00' } });
    expect((await api.send(key, { to: numberOf(2), body }, 'k2')).body.id).toBe(made.messageId);
    expect(await storedMessages(tenant.id)).toBe(2);
  });

  test('whose key was used before is answered with that message, also behind another one that misuses the key', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const single = await api.send(key, { to, body }, 'k1');
    const recipients = [
      { to: numberOf(1), idempotencyKey: 'k1' },
      { to, idempotencyKey: 'k1' },
    ];
    const { body: answer } = await sendBatch(api, key, { body, recipients });
    expect(answer.items).toMatchObject([
      { state: 'refused', problem: { code: 'idempotency_conflict' } },
      { state: 'accepted', messageId: single.body.id, repeated: true },
    ]);
    expect(await storedMessages(tenant.id)).toBe(1);
  });

  test('with the key of the whole batch is refused alone', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const recipients = [{ to, idempotencyKey: 'whole' }, { to: numberOf(1) }];
    const request = { body, recipients };
    const first = await sendBatch(api, key, request, 'whole');
    expect(first.body.items).toMatchObject([
      {
        state: 'refused',
        problem: { code: 'idempotency_conflict', pointer: '#/recipients/0/idempotencyKey' },
      },
      { state: 'accepted' },
    ]);
    expect((await sendBatch(api, key, request, 'whole')).body).toEqual(first.body);
    expect(await storedMessages(tenant.id)).toBe(1);
  });

  test('refused for want of credit leaves its key free, and so does its twin', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 1_500_000n });
    const recipients = [0, 1, 1].map((index) => ({ to: numberOf(index), idempotencyKey: `k${index}` }));
    const { body: answer } = await sendBatch(api, key, { body, partial: true, recipients });
    expect(
      answer.items.map(({ problem }: { problem: { code: string } | null }) => problem?.code ?? null),
    ).toEqual([null, 'insufficient_credit', 'insufficient_credit']);
    await api.prisma.account.updateMany({
      where: { tenantId: tenant.id },
      data: { creditLimitMicros: 9_000_000n },
    });
    expect(
      (await api.send(key, { to: numberOf(1), body }, 'k1')).headers.get('idempotent-replayed'),
    ).toBeNull();
  });
});
