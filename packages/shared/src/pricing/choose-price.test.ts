import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choosePrice, type PriceQuery, type PriceRow } from './choose-price.ts';

const query: PriceQuery = {
  tenantId: 'tenant',
  planId: 'plan',
  currency: 'CZK',
  country: 'CZ',
  at: new Date('2026-06-01T00:00:00Z'),
};

const price = (id: string, fields: Partial<PriceRow> = {}): PriceRow => ({
  id,
  currency: 'CZK',
  country: null,
  planId: null,
  tenantId: null,
  per: 'segment',
  unitPriceMicros: 1_500_000n,
  validFrom: new Date('2026-01-01T00:00:00Z'),
  validUntil: null,
  ...fields,
});

describe('the price', () => {
  const weakestFirst = [
    price('general'),
    price('general for the country', { country: 'CZ' }),
    price('plan', { planId: 'plan' }),
    price('plan for the country', { planId: 'plan', country: 'CZ' }),
    price('tenant', { tenantId: 'tenant' }),
    price('tenant for the country', { tenantId: 'tenant', country: 'CZ' }),
  ];

  test.each(weakestFirst.map((row, index) => [row.id, index] as const))(
    'is the %s one when nothing more specific exists',
    (id, index) => {
      const rows = weakestFirst.slice(0, index + 1);
      expect(choosePrice(rows, query)?.id).toBe(id);
      expect(choosePrice(rows.toReversed(), query)?.id).toBe(id);
    },
  );

  test('of the tenant for any country beats that of its plan for the country, however new', () => {
    const rows = [
      price('tenant', { tenantId: 'tenant' }),
      price('plan', { planId: 'plan', country: 'CZ', validFrom: new Date('2026-05-31T00:00:00Z') }),
    ];
    expect(choosePrice(rows, query)?.id).toBe('tenant');
  });

  test.each([
    ['another currency', { currency: 'EUR' }],
    ['another country', { country: 'SK' }],
    ['another plan', { planId: 'other' }],
    ['another tenant', { tenantId: 'other' }],
    ['the tenant on another plan', { tenantId: 'tenant', planId: 'other' }],
    ['a time to come', { validFrom: new Date('2026-06-01T00:00:00.001Z') }],
    ['a time that has ended', { validUntil: new Date('2026-06-01T00:00:00Z') }],
  ])('is never one for %s', (_name, fields) => {
    expect(choosePrice([price('row', fields)], query)).toBeNull();
  });

  test('of a plan is not for tenants without a plan', () => {
    expect(choosePrice([price('plan', { planId: 'plan' })], { ...query, planId: null })).toBeNull();
  });

  test('changes at the exact instant of its dates, without a gap and without an overlap', () => {
    const change = new Date('2026-06-01T00:00:00Z');
    const rows = [price('old', { validUntil: change }), price('new', { validFrom: change })];
    expect(choosePrice(rows, { ...query, at: new Date(change.getTime() - 1) })?.id).toBe('old');
    expect(choosePrice(rows, { ...query, at: change })?.id).toBe('new');
  });

  test('that began last holds, and an earlier one returns when it ends', () => {
    const rows = [
      price('regular'),
      price('summer', {
        validFrom: new Date('2026-05-01T00:00:00Z'),
        validUntil: new Date('2026-09-01T00:00:00Z'),
      }),
    ];
    expect(choosePrice(rows, query)?.id).toBe('summer');
    expect(choosePrice(rows, { ...query, at: new Date('2026-09-01T00:00:00Z') })?.id).toBe('regular');
  });
});

test('the choice agrees with asking for each kind of price in turn', () => {
  fc.assert(
    fc.property(lists, queries, (rows, asked) => {
      expect(choosePrice(rows, asked)).toBe(chooseNaively(rows, asked));
    }),
    { numRuns: 2_000 },
  );
});

const instants = fc.integer({ min: 0, max: 6 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)));
const lists = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 100, max: 999 }).map(String),
    currency: fc.constantFrom('CZK', 'EUR'),
    country: fc.constantFrom('CZ', 'SK', null),
    planId: fc.constantFrom('plan', 'other', null),
    tenantId: fc.constantFrom('tenant', 'other', null),
    per: fc.constantFrom('segment' as const, 'message' as const),
    unitPriceMicros: fc.bigInt({ min: 0n, max: 9_000_000n }),
    validFrom: instants,
    validUntil: fc.option(instants),
  }),
  { selector: (row) => row.id, maxLength: 40 },
);
const queries = fc.record({
  tenantId: fc.constant('tenant'),
  planId: fc.constantFrom('plan', null),
  currency: fc.constantFrom('CZK', 'EUR'),
  country: fc.constantFrom('CZ', 'SK', 'DE'),
  at: instants,
});

function chooseNaively(rows: PriceRow[], { tenantId, planId, currency, country, at }: PriceQuery) {
  const newestFirst = rows
    .filter((row) => row.currency === currency)
    .filter((row) => row.validFrom <= at && !(row.validUntil !== null && row.validUntil <= at))
    .toSorted((a, b) => b.validFrom.getTime() - a.validFrom.getTime() || Number(b.id) - Number(a.id));
  const samePlan = (row: PriceRow) => row.planId === null || row.planId === planId;
  const owners: ((row: PriceRow) => boolean)[] = [
    (row) => row.tenantId === tenantId && samePlan(row),
    (row) => row.tenantId === null && row.planId !== null && row.planId === planId,
    (row) => row.tenantId === null && row.planId === null,
  ];
  for (const owned of owners) {
    for (const place of [country, null]) {
      const found = newestFirst.find((row) => owned(row) && row.country === place);
      if (found) return found;
    }
  }
  return null;
}
