import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskPhoneNumber } from './mask-phone-number.ts';

test.each([
  ['+420777123456', '+420777***456'],
  ['+12125550123', '+12125***123'],
  ['+123456789012345', '+123456******345'],
  ['+4712345', '+4***345'],
  ['777123', '***'],
  ['', '***'],
])('%s is logged as %s', (number, masked) => {
  expect(maskPhoneNumber(number)).toBe(masked);
});

test('at least three digits of any number are hidden', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+[1-9]\d{2,14}$/), (number) => {
      const shown = maskPhoneNumber(number).replaceAll('*', '');
      expect(number.length - shown.length).toBeGreaterThanOrEqual(3);
    }),
  );
});
