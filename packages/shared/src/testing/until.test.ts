import { expect, test } from 'vitest';
import { until } from './until.ts';

test('waiting ends with the first answer', async () => {
  let asked = 0;
  const answer = await until('the third question', () => {
    asked += 1;
    return asked === 3 ? 'answered' : null;
  });
  expect(answer).toBe('answered');
});

test('waiting has a limit, and its error says what was waited for', async () => {
  await expect(until('the moon', () => false, { withinMs: 20 })).rejects.toThrow(
    'not within 20 ms: the moon',
  );
});
