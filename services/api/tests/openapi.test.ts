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

/** Operations that change nothing, or keep keys in a way of their own. */
const withoutKey: Record<string, string> = {
  previewMessage: 'changes nothing',
  recordUsage: 'each event has a key of its own',
};

test('every write takes an Idempotency-Key', async () => {
  const { body } = await api.call('GET', '/openapi.json');
  type Operation = { operationId: string; parameters?: { name: string; in: string }[] };
  const writes = Object.values<Record<string, Operation>>(body.paths).flatMap((item) =>
    Object.entries(item).flatMap(([method, operation]) => (method === 'get' ? [] : [operation])),
  );
  const takesKey = ({ parameters = [] }: Operation) =>
    parameters.some(({ name, in: place }) => name === 'Idempotency-Key' && place === 'header');
  const keyless = writes.filter((operation) => !takesKey(operation));
  expect(keyless.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(withoutKey).sort());
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
