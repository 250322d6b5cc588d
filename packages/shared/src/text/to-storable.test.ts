import { expect, test } from 'vitest';
import { toStorable } from './to-storable.ts';

test('a cut through a surrogate pair, half of one and U+0000 are marked; the rest stays', () => {
  expect(toStorable('ab😀', 3)).toBe('ab\ufffd');
  expect(toStorable('\udc00a\0b', 10)).toBe('\ufffda\ufffdb');
  expect(toStorable('ab😀', 4)).toBe('ab😀');
});
