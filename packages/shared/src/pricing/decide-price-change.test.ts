import { describe, expect, test } from 'vitest';
import { decidePriceChange } from './decide-price-change.ts';

const day = (date: number) => new Date(Date.UTC(2026, 2, date));
const price = (id: string, from: number, until: number | null = null) => ({
  id,
  validFrom: day(from),
  validUntil: until === null ? null : day(until),
});
const wish = (from: number, until: number | null = null) => price('', from, until);

describe('a new price', () => {
  test('without an end ends the one that holds when it begins, and none that is over by then', () => {
    const standing = [price('over', 1, 5), price('holds', 5)];
    expect(decidePriceChange(standing, wish(10))).toEqual({ kind: 'fits', ends: ['holds'] });
    expect(decidePriceChange([price('over', 1, 10)], wish(10))).toEqual({ kind: 'fits', ends: [] });
  });

  test('with an end leaves what it interrupts', () => {
    expect(decidePriceChange([price('holds', 1)], wish(10, 12))).toEqual({ kind: 'fits', ends: [] });
  });

  test.each([
    ['at the same instant', price('later', 10), wish(10)],
    ['within it', price('later', 11), wish(10, 12)],
    ['after it began, where it has no end', price('later', 20, 25), wish(10)],
  ])('is refused where another begins %s', (_, standing, wished) => {
    expect(decidePriceChange([standing], wished)).toEqual({ kind: 'overlaps', id: 'later' });
  });

  test('may end where another begins', () => {
    expect(decidePriceChange([price('later', 12)], wish(10, 12))).toEqual({ kind: 'fits', ends: [] });
  });
});
