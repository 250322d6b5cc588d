import { expect, test } from 'vitest';
import { DecimalMicros } from './decimal-micros.ts';

test('a decimal string in a request becomes micros', () => {
  expect(DecimalMicros.parse('0.0625')).toBe(62_500n);
});

test('a malformed amount is reported as an issue, not thrown through the parser', () => {
  expect(DecimalMicros.safeParse('1,5').error?.issues[0]?.message).toContain('got "1,5"');
});

test('a JSON number is refused, because it has lost digits already', () => {
  expect(DecimalMicros.safeParse(1.5).success).toBe(false);
});
