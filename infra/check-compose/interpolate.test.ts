import { expect, test } from 'vitest';
import { interpolate } from './interpolate.ts';

const variables = { SET: 'value', EMPTY: '' };

test.each([
  [`\${SET} and $SET`, 'value and value'],
  [`\${ABSENT:-default}`, 'default'],
  [`\${EMPTY:-default}`, 'default'],
  [`\${EMPTY-default}`, ''],
  [`\${ABSENT:-}`, ''],
  [`redis://:\${SET:?a password}@redis`, 'redis://:value@redis'],
  [`$\${SET}`, `\${SET}`],
])('%s becomes %j', (text, expected) => {
  expect(interpolate(text, variables)).toEqual({ value: expected, missing: [] });
});

test.each([
  [`\${ABSENT:?what it is}`, 'ABSENT: what it is'],
  [`\${EMPTY:?what it is}`, 'EMPTY: what it is'],
  [`\${ABSENT:?}`, 'ABSENT'],
  [`\${ABSENT}`, 'ABSENT'],
  ['$ABSENT', 'ABSENT'],
])('%s is missing', (text, expected) => {
  expect(interpolate(text, variables).missing).toEqual([expected]);
});

test('every string of a file is looked at, each missing variable named once', () => {
  const file = { a: [`\${ABSENT}`, 1], b: { c: `\${SET}`, d: null, e: `\${ABSENT}` } };
  expect(interpolate(file, variables)).toEqual({
    value: { a: ['', 1], b: { c: 'value', d: null, e: '' } },
    missing: ['ABSENT'],
  });
});
