import { expect, test } from 'vitest';
import { jsonRows } from './json-rows.ts';

test('amounts keep every digit, bytes become hex, dates ISO 8601', () => {
  const row = {
    amountMicros: 9_223_372_036_854_775_807n,
    bytes: new Uint8Array([0, 255]),
    at: new Date('2026-01-01T00:00:00.000Z'),
    none: null,
  };
  expect(JSON.parse(jsonRows([row]))).toEqual([
    { amountMicros: '9223372036854775807', bytes: '\\x00ff', at: '2026-01-01T00:00:00.000Z', none: null },
  ]);
});

test('a Buffer is bytes too', () => {
  expect(JSON.parse(jsonRows([{ bytes: Buffer.of(1, 2) }]))).toEqual([{ bytes: '\\x0102' }]);
});
