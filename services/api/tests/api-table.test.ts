import { readFile } from 'node:fs/promises';
import { smsManagerCallbackUrl } from '@tollgate/shared/inbox/sms-manager-callback.ts';
import { apiScopes } from '@tollgate/shared/tenants/api-keys.ts';
import { testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

type Row = { method: string; path: string; access: string; purpose: string };

let api: ApiFixture;
let table: Row[];

beforeAll(async () => {
  api = await startApiFixture();
  const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  table = [...page.matchAll(/^\| (\w+) \| `(\S+)` \| (\S+) \| (.+) \|$/gm)].map(
    ([, method = '', path = '', access = '', purpose = '']) => ({ method, path, access, purpose }),
  );
});
afterAll(() => api.close());

const isScope = ({ access }: Row) => apiScopes.some((scope) => scope === access);
const addressOf = ({ method, path }: Row) => `${method} ${path}`;

/** What a stranger is told: who must prove something is refused, but never as if nothing were there. */
const strangerIsTold: Record<string, number[]> = {
  public: [200, 303, 401],
  operator: [303, 401],
  internal: [401],
  webhook: [400, 401],
};

test('every address in the table is answered by itself, and only to whom the table says', async () => {
  expect(table.length).toBeGreaterThan(10);
  const callbackPath = smsManagerCallbackUrl('', testMasterKey);
  for (const row of table) {
    const path = row.path.startsWith('/v1/webhooks/sms-manager')
      ? callbackPath
      : row.path.replace('{id}', 'x');
    const { status, text } = await api.call(row.method, path);
    expect(isScope(row) ? [401] : strangerIsTold[row.access], addressOf(row)).toContain(status);
    expect(text, addressOf(row)).not.toContain('nothing answers');
  }
});

test('every address with a scope asks for exactly that scope', async () => {
  for (const row of table.filter(isScope)) {
    const others = await api.tenantWithKey({ scopes: apiScopes.filter((scope) => scope !== row.access) });
    const path = row.path.replace('{id}', 'x');
    const refused = await api.call(row.method, path, { key: others.key });
    expect([refused.status, refused.body.detail], addressOf(row)).toEqual([
      403,
      `this API key lacks the scope ${row.access}`,
    ]);
    const { key } = await api.tenantWithKey({ scopes: apiScopes.filter((scope) => scope === row.access) });
    // 503: what needs Stripe, where there is no account there.
    expect([200, 400, 404, 503], addressOf(row)).toContain(
      (await api.call(row.method, path, { key })).status,
    );
  }
});

test('the table and the OpenAPI document name the same operations, for the same purposes', async () => {
  const { body } = await api.call('GET', '/openapi.json');
  const described = Object.entries<Record<string, { summary: string }>>(body.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary }]) => [`${method.toUpperCase()} ${path}`, summary]),
  );
  const isDescribed = (row: Row) => isScope(row) || row.path.startsWith('/v1/admin/');
  const listed = table.filter(isDescribed).map((row) => [addressOf(row), row.purpose]);
  const plain = (rows: string[][]) => rows.map((row) => row.join(': ').replaceAll('’', "'")).sort();
  expect(plain(listed)).toEqual(plain(described));
});

test('every route of the application is in the table', () => {
  const registered = api.routes.map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
  expect(table.map(addressOf)).toEqual(expect.arrayContaining(registered));
  expect(registered.length).toBeGreaterThan(10);
});
