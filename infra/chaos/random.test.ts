import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

const draw = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 1_000 }, () => random.between(1, 6));
};

test('the same seed gives the same numbers, another seed others', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('every number between the bounds comes, and no other', () => {
  expect([...new Set(draw(1))].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('there is nothing to pick from nothing', () => {
  expect(() => createRandom(1).pick([])).toThrow(RangeError);
});
