import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let cookie: string;

beforeAll(async () => {
  api = await startApiFixture();
  cookie = await api.operatorCookie('operator');
});
afterAll(() => api.close());

const numberOf = (index: number) => `+4207770${String(index).padStart(5, '0')}`;
const list = (key: string, query = '') => api.call('GET', `/v1/sms/opt-outs${query}`, { key });
const add = (key: string, recipients: unknown) =>
  api.call('POST', '/v1/sms/opt-outs', { key, json: { recipients } });
const remove = (key: string, recipient: string) =>
  api.call('DELETE', `/v1/sms/opt-outs/${encodeURIComponent(recipient)}`, { key });

describe('opt-outs', () => {
  test('are added many at once, each number once however it is written, and belong to one tenant', async () => {
    const { key } = await api.tenantWithKey();
    const other = await api.tenantWithKey();
    const { body } = await add(key, ['+420777123456', '777 123 456', '+420777654321']);
    expect(body).toEqual({ added: 2, alreadyThere: 0 });
    expect((await add(key, ['+420777123456'])).body).toEqual({ added: 0, alreadyThere: 1 });
    expect((await list(key)).body.optOuts).toMatchObject([
      { recipient: '+420777123456', source: 'tenant' },
      { recipient: '+420777654321', source: 'tenant' },
    ]);
    expect((await list(other.key)).body.optOuts).toEqual([]);
    expect((await remove(other.key, '+420777123456')).status).toBe(404);
  });

  test('are listed page by page, each once', async () => {
    const { key } = await api.tenantWithKey();
    const numbers = Array.from({ length: 7 }, (_, index) => numberOf(index));
    await add(key, numbers);
    const seen: string[] = [];
    for (let query = '?limit=3'; ; ) {
      const { body } = await list(key, query);
      seen.push(...body.optOuts.map(({ recipient }: { recipient: string }) => recipient));
      if (!body.hasMore) break;
      query = `?limit=3&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(numbers);
  });

  test('are taken back one by one', async () => {
    const { key } = await api.tenantWithKey();
    await add(key, ['+420777123456']);
    expect((await remove(key, '+420777123456')).status).toBe(204);
    expect((await remove(key, '+420777123456')).status).toBe(404);
    expect((await remove(key, 'nobody')).status).toBe(404);
    expect((await list(key)).body.optOuts).toEqual([]);
  });

  test('name each number that is none, and store nothing then', async () => {
    const { key } = await api.tenantWithKey();
    const { status, body } = await add(key, ['+420777123456', 'nobody', '+420222111222']);
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '#/recipients/1',
      '#/recipients/2',
    ]);
    expect((await list(key)).body.optOuts).toEqual([]);
    expect((await add(key, [])).body.errors[0].pointer).toBe('#/recipients');
    expect((await list(key, '?cursor=nonsense')).body.errors[0].parameter).toBe('cursor');
  });
});

describe('the block list', () => {
  const asOperator = (method: string, path: string, json?: unknown) =>
    api.call(method, path, { headers: { cookie }, json });

  test('is kept by operators with a reason, and its numbers are to be told to the provider once', async () => {
    const request = { recipients: ['+420777000001', '+420777000002'], reason: 'a court said so' };
    expect((await asOperator('POST', '/v1/admin/block-list', request)).body).toEqual({
      added: 2,
      alreadyThere: 0,
    });
    expect((await asOperator('POST', '/v1/admin/block-list', request)).body).toEqual({
      added: 0,
      alreadyThere: 2,
    });
    const { body } = await asOperator('GET', '/v1/admin/block-list');
    expect(body.blocked).toMatchObject([
      {
        recipient: '+420777000001',
        reason: 'a court said so',
        createdBy: 'operator@example.com',
        providersTold: false,
      },
      { recipient: '+420777000002' },
    ]);
    const path = `/v1/admin/block-list/${encodeURIComponent('+420777000001')}`;
    expect((await asOperator('DELETE', path)).status).toBe(204);
    expect((await asOperator('DELETE', path)).status).toBe(404);
    const entries = await api.prisma.providerBlockEntry.findMany({ orderBy: { recipient: 'asc' } });
    expect(entries.map(({ recipient, wish }) => [recipient, wish])).toEqual([
      ['+420777000001', 'remove'],
      ['+420777000002', 'add'],
    ]);
  });

  test('is not changed by viewers, nor without a reason', async () => {
    const viewer = await api.operatorCookie('viewer');
    const request = { recipients: ['+420777000009'] };
    const asViewer = await api.call('POST', '/v1/admin/block-list', {
      headers: { cookie: viewer },
      json: { ...request, reason: 'no' },
    });
    expect(asViewer.status).toBe(403);
    const { body } = await asOperator('POST', '/v1/admin/block-list', request);
    expect(body.errors[0].pointer).toBe('#/reason');
  });
});
