import { newId } from '@tollgate/shared/ids/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkPrices } from '../src/stripe-events/check-prices.ts';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;
let product: string;

beforeAll(async () => {
  fixture = await startStripeFixture();
  product = (await fixture.stripe.products.create({ name: 'SMS' })).id;
  // A currency that the seeded list does not have.
  await list(2_000_000n, new Date('2026-01-01T00:00:00Z'));
});
afterAll(() => fixture.close());

const list = (unitPriceMicros: bigint, validFrom: Date) =>
  fixture.prisma.smsPrice.create({
    data: {
      id: newId(),
      currency: 'PLN',
      country: 'PL',
      per: 'segment',
      unitPriceMicros,
      validFrom,
    },
  });
const priced = async (unit_amount: number, currency = 'pln') =>
  (await fixture.stripe.prices.create({ product, currency, unit_amount })).id;
const settings = (price: string) => ({ taxMode: 'none', smsPrices: { PLN: price }, meters: {} }) as const;
const check = (price: string) => checkPrices({ ...fixture.deps, collectSettings: settings(price) });
const alertOf = async (subject: string) =>
  (await fixture.alerts()).find((alert) => alert.kind === 'price_differs' && alert.subject === subject);

test('a configured Price that is as our list says raises nothing', async () => {
  const price = await priced(200);
  expect(await check(price)).toBe('1 configured prices, 0 wrong');
  expect(await alertOf(price)).toBeUndefined();
});

test('one of another amount alerts, and our list, which is the truth, stays as it is', async () => {
  const price = await priced(199);
  const before = await fixture.prisma.smsPrice.findMany({ orderBy: { id: 'asc' } });
  expect(await check(price)).toBe('1 configured prices, 1 wrong');
  expect((await alertOf(price))?.detail).toBe(`${price} is 1.99 PLN at Stripe, our list says 2.00`);
  expect(await fixture.prisma.smsPrice.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
});

test.each([
  [
    'is not in use',
    'is not in use',
    async () => {
      const price = await priced(200);
      await fixture.stripe.prices.update(price, { active: false });
      return price;
    },
  ],
  ['is in another currency', 'is in czk', () => priced(200, 'czk')],
  ['Stripe does not know', 'does not exist', () => Promise.resolve('price_unknown')],
])('one that %s alerts', async (_, detail, make) => {
  const price = await make();
  await check(price);
  expect((await alertOf(price))?.detail).toContain(detail);
});

test('its event raises the alert, and the one that puts it right closes it', async () => {
  const price = await priced(200);
  const collectSettings = settings(price);
  await fixture.stripe.prices.update(price, { active: false });
  const [off] = fixture.takeEvents().filter(({ type }) => type === 'price.updated');
  expect(await fixture.applyEvent(off ?? {}, { collectSettings })).toContain('1 wrong');
  expect(await alertOf(price)).toBeDefined();
  await fixture.stripe.prices.update(price, { active: true });
  const [on] = fixture.takeEvents().filter(({ type }) => type === 'price.updated');
  expect(await fixture.applyEvent(on ?? {}, { collectSettings })).toContain('0 wrong');
  expect(await alertOf(price)).toBeUndefined();
});

test('the event of a price that is not configured changes nothing', async () => {
  const price = await priced(1);
  const before = await fixture.alerts();
  const [event] = fixture.takeEvents().filter(({ type }) => type === 'price.created');
  expect(await fixture.applyEvent(event ?? {})).toBe('price.created: 0 configured prices, 0 wrong');
  expect(await alertOf(price)).toBeUndefined();
  expect(await fixture.alerts()).toEqual(before);
});
