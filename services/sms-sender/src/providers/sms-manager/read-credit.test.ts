import { expect, test } from 'vitest';
import { readCredit } from './read-credit.ts';

test.each([
  [200, { credit: { credit_czk: '20', credit_eur: '0' } }, 'ready'],
  [200, { credit: { credit_czk: '0', credit_eur: '1.0' } }, 'ready'],
  [200, { credit: { credit_czk: '0.00', credit_eur: '0' } }, 'blocked'],
  [200, { credit: { credit_czk: '0.37', credit_eur: '0.02' } }, 'blocked'],
  [200, 'ok', 'unavailable'],
  [401, {}, 'blocked'],
  [403, {}, 'blocked'],
  [400, {}, 'blocked'],
  [429, {}, 'unavailable'],
  [503, {}, 'unavailable'],
  [0, null, 'unavailable'],
])('HTTP %i with %j: the account is %s', (status, body, kind) => {
  expect(readCredit({ status, body }).kind).toBe(kind);
});
