import { expect, test } from 'vitest';
import { endpointOf, newPace, noteAnswer, takePlace } from './pace.ts';

test('writes of one endpoint leave evenly, those of another do not wait for them', () => {
  const pace = newPace();
  expect([1, 2, 3].map(() => takePlace(pace, 'POST /v1/invoiceitems', 20, 1_000))).toEqual([0, 50, 100]);
  expect(takePlace(pace, 'POST /v1/invoices', 20, 1_000)).toBe(0);
});

test.each([
  ['global-rate', true, true],
  ['global-concurrency', true, true],
  ['endpoint-rate', true, false],
  ['resource-specific', false, false],
  [undefined, false, false],
])('a limit because of %s holds back that endpoint: %s, others: %s', (reason, ownWaits, othersWait) => {
  const pace = newPace();
  noteAnswer(pace, { endpoint: 'a', status: 429, reason }, 0, 0.5);
  expect([takePlace(pace, 'a', 20, 0) > 0, takePlace(pace, 'b', 20, 0) > 0]).toEqual([ownWaits, othersWait]);
});

test('repeated limits wait longer each time, and a good answer ends that', () => {
  const pace = newPace();
  const refuse = (nowMs: number) =>
    noteAnswer(pace, { endpoint: 'a', status: 429, reason: 'endpoint-rate' }, nowMs, 1);
  refuse(0);
  const first = takePlace(pace, 'a', 20, 0);
  refuse(10_000);
  expect(takePlace(pace, 'a', 20, 10_000)).toBeGreaterThan(first);
  noteAnswer(pace, { endpoint: 'a', status: 200, reason: undefined }, 60_000, 1);
  refuse(60_000);
  expect(takePlace(pace, 'a', 20, 60_000)).toBe(first);
});

test('paths that differ in an id only are one endpoint', () => {
  expect(endpointOf('POST', '/v1/invoices/in_1AbC/finalize')).toBe('POST /v1/invoices/:id/finalize');
  expect(endpointOf('POST', '/v1/invoice_payments')).toBe('POST /v1/invoice_payments');
});
