import { roundToMinorUnits } from '@tollgate/shared/money/round-to-minor-units.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountOf, buildItem, buildItems, unitMicrosOf } from './build-item.ts';
import type { InvoiceSource, SourceLine } from './read-source.ts';

const line: SourceLine = {
  kind: 'usage',
  meter: 'sms_sent',
  unitPriceMicros: 1_500_000n,
  quantity: 3n,
  amountMicros: 4_500_000n,
  description: 'SMS to CZ at 1.50 CZK',
};

function sourceOf(lines: SourceLine[], change: Partial<InvoiceSource> = {}): InvoiceSource {
  const micros = lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
  const totalMinor = roundToMinorUnits(micros, 'CZK');
  return {
    invoiceId: 'i',
    tenantId: 't',
    currency: 'CZK',
    totalMinor,
    wholeMinor: totalMinor,
    linesAddUp: true,
    startsAt: new Date('2026-02-28T23:00:00Z'),
    endsAt: new Date('2026-03-31T22:00:00Z'),
    timeZone: 'Europe/Prague',
    lines,
    ...change,
  };
}

const price = { id: 'price_1', product: 'prod_1', unitMicros: 1_500_000n };
const choice = { place: { customer: 'cus_1', subscription: 'sub_1' }, price, taxRates: [] };

describe('one item', () => {
  test('is quantity times the configured Price where that is the whole truth', () => {
    expect(buildItem(sourceOf([line]), choice)).toMatchObject({ pricing: { price: 'price_1' }, quantity: 3 });
    expect(
      buildItem(sourceOf([line, { ...line, quantity: 2n, amountMicros: 3_000_000n }]), choice),
    ).toMatchObject({
      quantity: 5,
    });
  });

  test.each([
    ['another price', { ...line, unitPriceMicros: 1_600_000n, amountMicros: 4_800_000n }, {}],
    ['late usage', { ...line, kind: 'late_usage' as const }, {}],
    ['a charge', { ...line, kind: 'charge' as const, meter: 'plan' }, {}],
    ['a line that does not multiply', { ...line, amountMicros: 4_400_000n }, {}],
    ['a credited part', line, { linesAddUp: false, totalMinor: 300n }],
  ])('is our own total because of %s', (_, other, change) => {
    const source = sourceOf([other], change);
    const item = buildItem(source, choice);
    expect(item).toMatchObject({ price_data: { product: 'prod_1' }, quantity: 1 });
    expect(amountOf(item, 0n)).toBe(source.totalMinor);
  });

  test('names the days of the period as the tenant counts them', () => {
    const { description } = buildItem(sourceOf([line]), choice);
    expect(description).toMatch(/^Usage 2026-03-01 to 2026-03-31: /);
  });

  test('says its amount alone where no Price is configured', () => {
    expect(buildItem(sourceOf([line]), { ...choice, price: null })).toMatchObject({ amount: 450 });
  });
});

describe('an item per line', () => {
  const place = { customer: 'cus_1', invoice: 'in_1' };
  const build = (source: InvoiceSource, itemsMax = 250) =>
    buildItems(source, { place, price: null, taxRates: [] }, itemsMax);

  test('names what rounding leaves in a line of its own', () => {
    const third = { ...line, amountMicros: 3_333n };
    const source = sourceOf([third, third, third], {});
    expect(build({ ...source, lines: [{ ...line }, third, third, third], totalMinor: 451n })).toMatchObject([
      { amount: 450 },
      { amount: 1, description: 'Rounding' },
    ]);
  });

  test('adds up to our total, whatever the lines', () => {
    const micros = fc.bigInt({ min: -50_000_000n, max: 900_000_000n });
    fc.assert(
      fc.property(
        fc.array(micros, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 25 }),
        (amounts, itemsMax) => {
          const source = sourceOf(amounts.map((amountMicros) => ({ ...line, amountMicros })));
          fc.pre(source.totalMinor > 0n);
          const items = build(source, itemsMax);
          expect(items.reduce((sum, item) => sum + amountOf(item, source.wholeMinor), 0n)).toBe(
            source.totalMinor,
          );
          expect(items.length).toBeLessThanOrEqual(itemsMax);
        },
      ),
    );
  });
});

test.each([
  ['150', 1_500_000n],
  ['6.5', 65_000n],
  ['0.0001', 1n],
  ['0.00001', null],
])('a Price of %s minor units is %s micros', (decimal, micros) => {
  expect(unitMicrosOf(decimal, 'CZK')).toBe(micros);
});
