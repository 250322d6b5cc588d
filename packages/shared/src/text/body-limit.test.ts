import { expect, test } from 'vitest';
import { checkBodyLength, PROVIDER_BODY_LIMIT } from './body-limit.ts';

test('a body of exactly the limit is accepted', () => {
  expect(checkBodyLength('ř'.repeat(PROVIDER_BODY_LIMIT))).toEqual({ ok: true });
});

test('one character more is refused with both numbers, never cut', () => {
  expect(checkBodyLength('a'.repeat(1_001))).toEqual({
    ok: false,
    reason: 'too_long',
    length: 1_001,
    limit: 1_000,
    detail: 'the body has 1001 characters, the limit is 1000',
  });
});

test('an empty body is refused', () => {
  expect(checkBodyLength('')).toMatchObject({ ok: false, reason: 'empty', length: 0 });
});

test('the body is measured as it will be sent', () => {
  expect(checkBodyLength('r\u030C'.repeat(1_000))).toEqual({ ok: true });
  expect(checkBodyLength('😀'.repeat(501))).toMatchObject({ reason: 'too_long', length: 1_002 });
});
