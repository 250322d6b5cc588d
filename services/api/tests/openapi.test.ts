import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

test('every described operation is answered by the api itself, not by its "not found"', async () => {
  const { body } = await api.call('GET', '/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  const operations = Object.entries<Record<string, unknown>>(body.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'x'),
    })),
  );
  expect(operations.length).toBeGreaterThan(0);
  for (const { method, path } of operations) {
    expect((await api.call(method, path)).status, `${method} ${path}`).toBe(401);
  }
});

test('requests and answers are described by name', async () => {
  const { body } = await api.call('GET', '/openapi.json');
  expect(Object.keys(body.components.schemas)).toEqual(
    expect.arrayContaining([
      'SendRequest',
      'AcceptedMessage',
      'Message',
      'MessageTrace',
      'Balance',
      'SmsUsage',
      'UsageTotals',
      'Transactions',
      'Invoices',
      'Problem',
    ]),
  );
});

test('health says which dependency is away', async () => {
  expect((await api.call('GET', '/health/live')).status).toBe(200);
  expect((await api.call('GET', '/health/ready')).body).toEqual({ status: 'ok', checks: { queue: 'ok' } });
});
