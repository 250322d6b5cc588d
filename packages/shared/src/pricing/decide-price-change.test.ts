import { describe, expect, test } from 'vitest';
import { decidePriceChange, endWithout } from './decide-price-change.ts';

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

describe('what a price had ended, once that one is removed', () => {
  const open = { validUntil: null, endedByPriceId: null, formerValidUntil: null };
  const endedInTurn = { validUntil: day(10), endedByPriceId: 'next', formerValidUntil: null };
  const ends = (date: number | null) => ({
    validUntil: date === null ? null : day(date),
    endedByPriceId: null,
    formerValidUntil: null,
  });
  const before = (date: number | null) => ({ formerValidUntil: date === null ? null : day(date) });

  test.each([5, null])('holds as before: until %s', (date) => {
    expect(endWithout(open, before(date))).toEqual(ends(date));
  });

  test.each([12, null])('is ended by the one that ended it in its turn, where it held until %s', (date) => {
    expect(endWithout(endedInTurn, before(date))).toEqual({ ...endedInTurn, ...before(date) });
  });

  test.each([8, 10])('is not, where it is over by then: on %s', (date) => {
    expect(endWithout(endedInTurn, before(date))).toEqual(ends(date));
  });
});
