import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseMeterPrice, type MeterPriceQuery, type MeterPriceRow } from './choose-meter-price.ts';

const query: MeterPriceQuery = {
  tenantId: 'tenant',
  planId: 'plan',
  meter: 'call_made',
  currency: 'CZK',
  at: new Date('2026-06-01T00:00:00Z'),
};

const price = (id: string, fields: Partial<MeterPriceRow> = {}): MeterPriceRow => ({
  id,
  meter: 'call_made',
  currency: 'CZK',
  planId: null,
  tenantId: null,
  unitPriceMicros: 1_500_000n,
  validFrom: new Date('2026-01-01T00:00:00Z'),
  validUntil: null,
  ...fields,
});

describe('the price of a unit', () => {
  const weakestFirst = [
    price('general'),
    price('plan', { planId: 'plan' }),
    price('tenant', { tenantId: 'tenant' }),
  ];

  test.each(weakestFirst.map((row, index) => [row.id, index] as const))(
    'is the %s one when nothing more specific exists, however new the others are',
    (id, index) => {
      const rows = weakestFirst
        .slice(0, index + 1)
        .map((row, place) => ({ ...row, validFrom: new Date(Date.UTC(2026, 4 - place)) }));
      expect(chooseMeterPrice(rows, query)?.id).toBe(id);
      expect(chooseMeterPrice(rows.toReversed(), query)?.id).toBe(id);
    },
  );

  test.each([
    ['another meter', { meter: 'call_received' }],
    ['another currency', { currency: 'EUR' }],
    ['another plan', { planId: 'other' }],
    ['another tenant', { tenantId: 'other' }],
    ['the tenant on another plan', { tenantId: 'tenant', planId: 'other' }],
    ['a time to come', { validFrom: new Date('2026-06-01T00:00:00.001Z') }],
    ['a time that has ended', { validUntil: new Date('2026-06-01T00:00:00Z') }],
  ])('is never one for %s', (_name, fields) => {
    expect(chooseMeterPrice([price('row', fields)], query)).toBeNull();
  });

  test('changes at the exact instant of its dates, without a gap and without an overlap', () => {
    const change = new Date('2026-06-01T00:00:00Z');
    const rows = [price('old', { validUntil: change }), price('new', { validFrom: change })];
    expect(chooseMeterPrice(rows, { ...query, at: new Date(change.getTime() - 1) })?.id).toBe('old');
    expect(chooseMeterPrice(rows, { ...query, at: change })?.id).toBe('new');
  });

  test('does not depend on the order of the list', () => {
    const rows = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 100, max: 999 }).map(String),
        planId: fc.constantFrom('plan', null),
        tenantId: fc.constantFrom('tenant', null),
        validFrom: fc.integer({ min: 1, max: 6 }).map((month) => new Date(Date.UTC(2026, month - 1))),
      }),
      { selector: ({ id }) => id, maxLength: 12 },
    );
    fc.assert(
      fc.property(rows, (fields) => {
        const list = fields.map(({ id, ...row }) => price(id, row));
        const chosen = chooseMeterPrice(list, query);
        expect(chooseMeterPrice(list.toReversed(), query)).toBe(chosen);
        const ranks = list.map((row) => rank(row));
        if (chosen) expect(ranks.toSorted().at(-1)).toBe(rank(chosen));
      }),
    );
  });
});

/** Sorts as the rule says: owner, then beginning, then id. */
const rank = ({ tenantId, planId, validFrom, id }: MeterPriceRow) =>
  `${tenantId ? 2 : planId ? 1 : 0} ${validFrom.toISOString()} ${id}`;
