import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type RunningStripe, runStripe, type Shop } from '../../testing/run-stripe.ts';

let running: RunningStripe;
let stripe: Stripe;
let shop: Shop;
beforeEach(async () => {
  running = await runStripe();
  stripe = running.stripe;
  shop = await openShop(stripe);
});
afterEach(() => running.simulator.close());

const priced = (params: Partial<Stripe.PriceCreateParams> = {}) =>
  stripe.prices.create({ product: shop.product.id, currency: 'czk', unit_amount: 150, ...params });

describe('a price', () => {
  it('has a whole amount beside the exact one, or none', async () => {
    expect(await priced()).toMatchObject({ unit_amount: 150, type: 'one_time', active: true });
    expect(shop.segmentPrice.unit_amount).toBeNull();
    expect(shop.segmentPrice.unit_amount_decimal?.toString()).toBe('87.5');
  });

  it.each([
    [{ unit_amount_decimal: Stripe.Decimal.from('1.5') }, 'parameters_exclusive'],
    [{ product: 'prod_1' }, 'resource_missing'],
    [{ product_data: { name: 'Another' } }, 'parameters_exclusive'],
    [{ tiers_mode: 'volume' }, 'not_simulated'],
  ])('with %j beside the rest is refused', async (params, code) => {
    await expect(priced(params as Partial<Stripe.PriceCreateParams>)).rejects.toMatchObject({ code });
  });

  it('is found by its lookup key, which moves only when told to', async () => {
    const find = async () =>
      (await stripe.prices.list({ lookup_keys: ['sms_segment'] })).data.map(({ id }) => id);
    expect(await find()).toEqual([shop.segmentPrice.id]);
    await expect(priced({ lookup_key: 'sms_segment' })).rejects.toMatchObject({ param: 'lookup_key' });
    const { id } = await priced({ lookup_key: 'sms_segment', transfer_lookup_key: true });
    expect(await find()).toEqual([id]);
  });

  it('keeps its tax behavior once it has one', async () => {
    const { id } = await priced({ tax_behavior: 'exclusive' });
    const refused = stripe.prices.update(id, { tax_behavior: 'inclusive' });
    await expect(refused).rejects.toMatchObject({ param: 'tax_behavior' });
  });

  it('is listed by product, type and whether it is active', async () => {
    await stripe.prices.update(shop.segmentPrice.id, { active: false });
    const ids = async (filter: Stripe.PriceListParams) =>
      (await stripe.prices.list(filter)).data.map(({ id }) => id);
    expect(await ids({ active: false })).toEqual([shop.segmentPrice.id]);
    expect(await ids({ type: 'recurring' })).toEqual([shop.planPrice.id]);
    expect(await ids({ product: shop.product.id, active: true })).toEqual([]);
  });
});

describe('a product', () => {
  it('is changed, and deleted as long as it has no price', async () => {
    const product = await stripe.products.create({ id: 'sms', name: 'SMS', metadata: { a: '1' } });
    await expect(stripe.products.create({ id: 'sms', name: 'SMS' })).rejects.toMatchObject({
      code: 'resource_already_exists',
    });
    expect(await stripe.products.update('sms', { unit_label: 'part' })).toMatchObject({ unit_label: 'part' });
    expect((await stripe.products.list({ ids: ['sms'] })).data).toHaveLength(1);
    expect(await stripe.products.del(product.id)).toMatchObject({ deleted: true });
    await expect(stripe.products.del(shop.product.id)).rejects.toMatchObject({ statusCode: 400 });
  });
});
