import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { isTerminal, type MessageState } from '@tollgate/shared/messages/states.ts';
import { buildMessages, type MessageOverrides } from '@tollgate/shared/testing/build-message.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

type Given = MessageOverrides & { state?: MessageState };

/** A tenant with the messages, each a minute older than the one before it; their references are their places. */
async function tenantWithMessages(given: readonly Given[]) {
  const { tenant, key } = await api.tenantWithKey();
  const messages = await buildMessages(
    api.prisma,
    tenant,
    given.map(({ state, ...override }, index) => ({
      acceptedAt: new Date(testNow.getTime() - index * 60_000),
      reference: `r${index}`,
      ...override,
    })),
  );
  for (const [index, { state }] of given.entries()) {
    const id = messages[index]?.id;
    if (!state || !id) continue;
    const finishedAt = isTerminal(state) ? testNow : null;
    await api.prisma.message.update({ where: { id }, data: { state, finishedAt } });
  }
  return { tenant, key, messages };
}

const list = (key: string, query: string) => api.call('GET', `/v1/sms/messages?${query}`, { key });

async function references(key: string, query: string): Promise<(string | null)[]> {
  const { status, body } = await list(key, query);
  expect([status, body.code]).toEqual([200, undefined]);
  return body.messages.map(({ reference }: { reference: string | null }) => reference);
}

const several: Given[] = [
  { state: 'delivered', recipient: '+420777000001', campaign: 'spring' },
  { state: 'failed', recipient: '+420777000002', campaign: 'spring', category: 'promotional' },
  { state: 'delivered', recipient: '+420777110001' },
  { state: 'accepted', recipient: '+421900110001', reference: 'order' },
  { state: 'rejected', recipient: '+420777000002', campaign: 'summer', category: 'priority' },
];

describe('the list', () => {
  test('shows messages newest first, with their text and what they are', async () => {
    const { key, messages } = await tenantWithMessages([{ body: 'Příliš', state: 'sent' }, {}]);
    const { body } = await list(key, '');
    expect(body.messages[0]).toMatchObject({
      id: toPublicId('msg', messages[0]?.id ?? ''),
      state: 'sent',
      to: '+420777123456',
      body: 'Příliš',
      price: { amount: '1.50', currency: 'CZK' },
      acceptedAt: testNow.toISOString(),
      batchId: null,
    });
    expect(body).toMatchObject({ hasMore: false, nextCursor: null });
  });

  test.each([
    ['', ['r0', 'r1', 'r2', 'order', 'r4']],
    ['state=delivered', ['r0', 'r2']],
    ['state=rejected,failed', ['r1', 'r4']],
    ['state=failed,failed', ['r1']],
    ['number=%2B420777000002', ['r1', 'r4']],
    ['number=110001', ['r2', 'order']],
    ['number=0001', ['r0', 'r2', 'order']],
    ['number=420777110001', ['r2']],
    ['reference=order', ['order']],
    ['campaign=spring', ['r0', 'r1']],
    ['category=priority', ['r4']],
    ['campaign=spring&state=failed', ['r1']],
    ['number=000002&category=promotional&state=failed,rejected', ['r1']],
    ['state=expired', []],
    ['from=2026-03-10T08:58:00Z&to=2026-03-10T09:00:00Z', ['r1', 'r2']],
    ['from=2026-03-10&to=2026-03-10&state=accepted', ['order']],
    ['to=2026-03-09', []],
  ])('?%s finds %j', async (query, expected) => {
    const { key } = await tenantWithMessages(several);
    expect(await references(key, query)).toEqual(expected);
  });

  test('of a batch holds its messages and no others', async () => {
    const { key } = await tenantWithMessages([{}]);
    const { body } = await api.call('POST', '/v1/sms/batch', {
      key,
      json: { body: 'Hello', recipients: [{ to: '+420777000001', reference: 'in it' }] },
    });
    expect(await references(key, `batch=${body.id}`)).toEqual(['in it']);
    const view = await api.call('GET', `/v1/sms/messages/${body.items[0].messageId}`, { key });
    expect(view.body.batchId).toBe(body.id);
  });

  test.each([[''], ['state=accepted,canceled'], ['number=123456']])(
    'walked page by page (%s) meets each message once, also those of one instant and those that come meanwhile',
    async (query) => {
      const acceptedAt = new Date(testNow.getTime() - 3_600_000);
      const { tenant, key } = await tenantWithMessages(
        Array.from({ length: 11 }, (_, index) => ({
          reference: `r${index}`,
          ...(index > 3 && { acceptedAt }),
        })),
      );
      const seen: (string | null)[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await list(key, `${query}&limit=3${cursor && `&cursor=${cursor}`}`);
        seen.push(...body.messages.map(({ reference }: { reference: string }) => reference));
        cursor = body.nextCursor;
        await buildMessages(api.prisma, tenant, [{ acceptedAt: testNow, reference: 'new' }]);
      }
      expect(seen).toHaveLength(11);
      expect(new Set(seen).size).toBe(11);
      expect(seen).not.toContain('new');
    },
  );

  test('is the caller’s own, and the history is the same list', async () => {
    const { key } = await tenantWithMessages(several);
    const stranger = await api.tenantWithKey();
    expect(await references(stranger.key, '')).toEqual([]);
    const history = await api.call('GET', '/v1/sms/history?state=failed', { key });
    expect(history.body).toEqual((await list(key, 'state=failed')).body);
  });

  test.each([
    ['state=gone', 'state'],
    ['state=', 'state'],
    ['state=sent&state=failed', 'state'],
    ['number=12', 'number'],
    ['number=%25', 'number'],
    ['batch=msg_1', 'batch'],
    ['from=yesterday', 'from'],
    ['from=2026-03-11&to=2026-03-10', 'to'],
    ['limit=101', 'limit'],
    ['cursor=x', 'cursor'],
    ['reference=%00', 'reference'],
    ['phone=1', 'phone'],
  ])('?%s is refused and names %s', async (query, parameter) => {
    const { key } = await api.tenantWithKey();
    expect(await list(key, query)).toMatchObject({ status: 400, body: { errors: [{ parameter }] } });
  });
});

describe('the export', () => {
  const download = (key: string, query: string) =>
    api.call('GET', `/v1/sms/messages/export?${query}`, { key });

  test('as CSV has a header, a line a message, and no formulas', async () => {
    const { key } = await tenantWithMessages([
      { body: '=HYPERLINK("http://x")', campaign: '@x', reference: '-1' },
      { body: 'two\nlines, "quoted"', state: 'delivered' },
    ]);
    const { status, headers, text } = await download(key, 'format=csv');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename=messages.csv');
    const [header, first, second] = text.split('\r\n');
    expect(header).toMatch(/^id,state,mode,to,country,sender,category,body,/);
    expect(first).toContain(
      `,accepted,live,+420777123456,CZ,,transactional,"'=HYPERLINK(""http://x"")",gsm7,1,1.50,CZK,-1,'@x,`,
    );
    expect(second).toContain(',"two\nlines, ""quoted""",');
  });

  test('as JSON lines gives what the list gives, over as many pages as it takes, filtered', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await buildMessages(
      api.prisma,
      tenant,
      Array.from({ length: 1_203 }, (_, index) => ({
        reference: `r${index}`,
        campaign: index < 1_201 ? 'spring' : 'summer',
        acceptedAt: new Date(testNow.getTime() - (index % 7) * 1_000),
      })),
    );
    const { headers, text } = await download(key, 'format=jsonl&campaign=spring&state=accepted');
    expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    const messages = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(messages.map(({ reference }) => reference)).size).toBe(1_201);
    expect(messages).toHaveLength(1_201);
    const { body } = await list(key, 'campaign=spring&limit=100');
    expect(messages.slice(0, 100)).toEqual(body.messages);
  });

  test('of nothing is a header, or nothing', async () => {
    const { key } = await api.tenantWithKey();
    expect((await download(key, 'format=csv')).text.split('\r\n')).toHaveLength(2);
    expect((await download(key, 'format=jsonl')).text).toBe('');
  });

  test('holds no other tenant’s messages, and mistakes are problems before anything is sent', async () => {
    await tenantWithMessages(several);
    const stranger = await api.tenantWithKey();
    expect((await download(stranger.key, 'format=jsonl')).text).toBe('');
    expect(await download(stranger.key, 'format=xlsx')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect((await download(stranger.key, 'from=2026-03-11&to=2026-03-10')).status).toBe(400);
  });

  test('that its reader leaves in the middle ends quietly', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await buildMessages(
      api.prisma,
      tenant,
      Array.from({ length: 3_000 }, () => ({ id: newId(), body: 'x'.repeat(900) })),
    );
    const before = api.log.lines().filter(({ level }) => level === 'error').length;
    const controller = new AbortController();
    const response = await fetch(`${api.url}/v1/sms/messages/export?format=jsonl`, {
      headers: { authorization: `Bearer ${key}` },
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    controller.abort();
    await reader?.closed.catch(() => undefined);
    expect((await list(key, 'limit=1')).status).toBe(200);
    expect(api.log.lines().filter(({ level }) => level === 'error')).toHaveLength(before);
  });
});
