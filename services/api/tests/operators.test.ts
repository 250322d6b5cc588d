import { newId } from '@tollgate/shared/ids/ids.ts';
import { type OperatorRole, upsertOperator } from '@tollgate/shared/operators/operators.ts';
import { SESSION_LIFETIME_MS } from '@tollgate/shared/operators/sessions.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
  for (const role of ['viewer', 'operator'] satisfies OperatorRole[]) {
    await upsertOperator(api.prisma, {
      id: newId(),
      email: `${role}@example.com`,
      role,
      password: 'correct',
      createdAt: testNow,
    });
  }
});
afterAll(() => api.close());

async function logIn(email: string, password: string, next = '') {
  const answer = await fetch(`${api.url}/admin/login`, {
    method: 'POST',
    body: new URLSearchParams({ email, password, next }),
    redirect: 'manual',
  });
  const cookie = answer.headers.get('set-cookie') ?? '';
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    cookie,
    session: cookie.split(';')[0] ?? '',
  };
}

describe('the queue board', () => {
  test('sends strangers to the login page, and so does its data', async () => {
    for (const path of ['/admin/queues', '/admin/queues/api/queues']) {
      const answer = await api.call('GET', path, { headers: { cookie: 'tollgate_operator=guess' } });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toContain('/admin/login?next=');
    }
  });

  test('shows an operator every queue with its dead letters', async () => {
    const { status, location, session, cookie } = await logIn('operator@example.com', 'correct');
    expect([status, location]).toEqual([303, '/admin/queues']);
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/);
    const page = await api.call('GET', '/admin/queues', { headers: { cookie: session } });
    expect(page.text).toContain('Tollgate queues');
    const { body } = await api.call('GET', '/admin/queues/api/queues', { headers: { cookie: session } });
    const names = body.queues.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['send-messages', 'send-messages.dead', 'apply-delivery-reports']),
    );
  });

  test('lets viewers look only, and nobody touch the dead letters’ mirror', async () => {
    for (const [role, writable] of [
      ['viewer', false],
      ['operator', true],
    ] as const) {
      const { session } = await logIn(`${role}@example.com`, 'correct');
      const { body } = await api.call('GET', '/admin/queues/api/queues', { headers: { cookie: session } });
      const readOnly = new Map(
        body.queues.map((queue: { name: string; readOnlyMode: boolean }) => [queue.name, queue.readOnlyMode]),
      );
      expect(readOnly.get('send-messages')).toBe(!writable);
      expect(readOnly.get('send-messages.dead')).toBe(true);
    }
  });

  test('lets nobody add jobs, or pause and empty queues: that would go around the services’ rules', async () => {
    const { session } = await logIn('operator@example.com', 'correct');
    for (const [method, path] of [
      ['POST', 'close-periods/add'],
      ['PUT', 'send-messages/pause'],
      ['PUT', 'send-messages/empty'],
      ['PUT', 'send-messages/obliterate'],
    ] as const) {
      const answer = await api.call(method, `/admin/queues/api/queues/${path}`, {
        headers: { cookie: session },
      });
      expect(answer, path).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });

  test('refuses what a page of another origin asks for, even of the same site', async () => {
    const { session } = await logIn('operator@example.com', 'correct');
    for (const headers of [
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://neighbour.localhost' },
    ] as const) {
      const answer = await api.call('POST', '/admin/logout', {
        headers: { cookie: session, ...headers } as Record<string, string>,
      });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await api.call('GET', '/admin/queues', { headers: { cookie: session } })).status).toBe(200);
  });

  test('lets the page load nothing from outside', async () => {
    const { session } = await logIn('operator@example.com', 'correct');
    const page = await api.call('GET', '/admin/queues', { headers: { cookie: session } });
    expect(page.headers.get('content-security-policy')).not.toMatch(/https:(?!\/)/);
  });
});

describe('an operator’s session', () => {
  test.each([
    ['operator@example.com', 'wrong'],
    ['nobody@example.com', 'correct'],
  ])('does not open for %s with %s', async (email, password) => {
    const { status, cookie } = await logIn(email, password);
    expect([status, cookie]).toEqual([401, '']);
  });

  test('leads back to the asked-for page, but never to another site', async () => {
    expect(
      (await logIn('operator@example.com', 'correct', '/admin/queues/queue/send-messages')).location,
    ).toBe('/admin/queues/queue/send-messages');
    expect((await logIn('operator@example.com', 'correct', '//evil.example')).location).toBe('/admin/queues');
  });

  test('ends with the logout and after its lifetime', async () => {
    const first = await logIn('operator@example.com', 'correct');
    await api.call('POST', '/admin/logout', { headers: { cookie: first.session } });
    expect((await api.call('GET', '/admin/queues', { headers: { cookie: first.session } })).status).toBe(303);
  });
});

test('another password ends an operator’s sessions; the same one does not', async () => {
  const operator = { id: newId(), email: 'second@example.com', role: 'viewer', createdAt: testNow } as const;
  await upsertOperator(api.prisma, { ...operator, password: 'first' });
  const { session } = await logIn('second@example.com', 'first');
  await upsertOperator(api.prisma, { ...operator, password: 'first' });
  expect((await api.call('GET', '/admin/queues', { headers: { cookie: session } })).status).toBe(200);
  await upsertOperator(api.prisma, { ...operator, password: 'second' });
  expect((await api.call('GET', '/admin/queues', { headers: { cookie: session } })).status).toBe(303);
});

test('an operator’s session ends after its lifetime', async () => {
  const { session } = await logIn('viewer@example.com', 'correct');
  api.clock.advance(SESSION_LIFETIME_MS);
  expect((await api.call('GET', '/admin/queues', { headers: { cookie: session } })).status).toBe(303);
});

test('guessing passwords is slowed down', async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 12; guess += 1)
    statuses.push((await logIn('nobody@example.com', 'guess')).status);
  expect(statuses).toContain(429);
});
