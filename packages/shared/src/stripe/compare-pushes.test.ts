import { describe, expect, test } from 'vitest';
import { comparePushes, type ExpectedItem, type FoundItem } from './compare-pushes.ts';

const push: ExpectedItem = {
  pushId: 'p1',
  tenantId: 't1',
  state: 'confirmed',
  stripeId: 'ii_1',
  amountMinor: 450n,
  currency: 'czk',
  isVoid: false,
  isOverdue: true,
};
const item: FoundItem = { id: 'ii_1', pushId: 'p1', tenantId: 't1', amountMinor: 450n, currency: 'czk' };

const kindsOf = (...given: Parameters<typeof comparePushes>) =>
  comparePushes(...given).map(({ kind }) => kind);

describe('nothing is wrong', () => {
  test.each([
    ['with an item as it was asked for', [push], [item]],
    ['with a push on its way', [{ ...push, state: 'sent', stripeId: null, isOverdue: false }], []],
    ['with one that a person decides about', [{ ...push, state: 'rejected', stripeId: null }], []],
    ['with what was taken back', [{ ...push, isVoid: true }], []],
  ])('%s', (_, expected, found) => {
    expect(comparePushes(expected, found)).toEqual([]);
  });
});

describe('is found', () => {
  test.each([
    ['deleted', [push], []],
    ['deleted', [push], [{ ...item, id: 'ii_2' }]],
    ['changed', [push], [{ ...item, amountMinor: 449n }]],
    ['changed', [push], [{ ...item, currency: 'eur' }]],
    ['doubled', [push], [item, { ...item, id: 'ii_2' }]],
    ['missing', [{ ...push, state: 'sent', stripeId: null }], []],
    ['unknown', [], [item]],
    ['left_over', [{ ...push, isVoid: true }], [item]],
  ] as const)('what is %s', (kind, expected, found) => {
    expect(kindsOf([...expected], [...found])).toEqual([kind]);
  });
});
