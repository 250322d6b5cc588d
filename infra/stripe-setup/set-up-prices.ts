import { planLookupKey, smsLookupKey } from '@tollgate/shared/stripe/lookup-keys.ts';
import Stripe from 'stripe';
import { type Catalogue, minorDecimal } from './read-catalogue.ts';
import type { SetUpDeps } from './set-up-stripe.ts';

/** Prices of a plan's product, for the portal to offer. */
export type PlanOffer = { product: string; prices: string[] };

type Wanted = {
  lookupKey: string;
  product: string;
  currency: string;
  unitAmount: string;
  interval?: 'month' | 'year';
  metadata: Record<string, string>;
};

const KEYS_PER_LIST = 10;
const SMS_PRODUCT = 'tollgate_sms';

/** Makes what is missing of products and prices, and a new price where the amount is another. */
export async function setUpPrices(
  deps: SetUpDeps,
  { planPrices, smsPrices }: Catalogue,
): Promise<{ plans: PlanOffer[]; environment: string[] }> {
  const plans = new Map(planPrices.map(({ planId, planName }) => [planId, planName]));
  for (const [planId, name] of plans)
    await ensureProduct(deps, {
      id: planProduct(planId),
      name: `Tollgate ${name}`,
      metadata: { plan_id: planId },
    });
  await ensureProduct(deps, { id: SMS_PRODUCT, name: 'SMS', unit_label: 'segment' });
  const wanted: Wanted[] = [
    ...planPrices.map(({ planId, currency, interval, amountMicros }) => ({
      lookupKey: planLookupKey({ planId, interval, currency }),
      product: planProduct(planId),
      currency: currency.toLowerCase(),
      unitAmount: minorDecimal(amountMicros, currency),
      interval: interval === 'monthly' ? ('month' as const) : ('year' as const),
      metadata: { plan_id: planId, interval },
    })),
    ...smsPrices.map(({ currency, unitPriceMicros }) => ({
      lookupKey: smsLookupKey(currency),
      product: SMS_PRODUCT,
      currency: currency.toLowerCase(),
      unitAmount: minorDecimal(unitPriceMicros, currency),
      metadata: { meter: 'sms_sent' },
    })),
  ];
  const ids = await ensurePrices(deps, wanted);
  const idOf = (key: string) => ids.get(key) ?? '';
  return {
    plans: [...plans.keys()].map((planId) => ({
      product: planProduct(planId),
      prices: planPrices
        .filter((price) => price.planId === planId)
        .map((price) => idOf(planLookupKey(price))),
    })),
    environment: smsPrices.map(
      ({ currency }) => `STRIPE_PRICE_SMS_${currency}=${idOf(smsLookupKey(currency))}`,
    ),
  };
}

const planProduct = (planId: string) => `tollgate_plan_${planId}`;

async function ensureProduct(
  { stripe, told }: SetUpDeps,
  { id, ...wanted }: { id: string; name: string; unit_label?: string; metadata?: Record<string, string> },
): Promise<void> {
  const found = await findProduct(stripe, id);
  if (found === null) {
    await stripe.products.create({ id, ...wanted }, { idempotencyKey: `tollgate:setup:product:${id}` });
    told(`made product ${id}`);
  } else if (found.name !== wanted.name || !found.active) {
    await stripe.products.update(id, { name: wanted.name, active: true });
    told(`changed product ${id}`);
  }
}

async function findProduct(stripe: Stripe, id: string): Promise<Stripe.Product | null> {
  const { data } = await stripe.products.list({ ids: [id], limit: 1 });
  return data[0] ?? null;
}

async function ensurePrices(deps: SetUpDeps, wanted: readonly Wanted[]): Promise<Map<string, string>> {
  const found = new Map<string, Stripe.Price>();
  for (let from = 0; from < wanted.length; from += KEYS_PER_LIST) {
    const keys = wanted.slice(from, from + KEYS_PER_LIST).map(({ lookupKey }) => lookupKey);
    const { data } = await deps.stripe.prices.list({ lookup_keys: keys, limit: 100 });
    for (const price of data) if (price.lookup_key !== null) found.set(price.lookup_key, price);
  }
  const ids = new Map<string, string>();
  for (const want of wanted)
    ids.set(want.lookupKey, await ensurePrice(deps, want, found.get(want.lookupKey)));
  return ids;
}

async function ensurePrice(
  { stripe, told }: SetUpDeps,
  want: Wanted,
  found: Stripe.Price | undefined,
): Promise<string> {
  if (found && isSame(found, want)) {
    if (found.active) return found.id;
    await stripe.prices.update(found.id, { active: true });
    told(`switched price ${want.lookupKey} on`);
    return found.id;
  }
  const price = await stripe.prices.create(
    {
      product: want.product,
      currency: want.currency,
      unit_amount_decimal: Stripe.Decimal.from(want.unitAmount),
      tax_behavior: 'exclusive',
      lookup_key: want.lookupKey,
      transfer_lookup_key: true,
      metadata: want.metadata,
      ...(want.interval && { recurring: { interval: want.interval } }),
    },
    // Of a price list: the same amount again after another one needs a key of its own.
    {
      idempotencyKey: `tollgate:setup:price:${want.lookupKey}:${want.unitAmount}:after:${found?.id ?? 'none'}`,
    },
  );
  told(`made price ${want.lookupKey}: ${want.unitAmount} ${want.currency}`);
  // Running subscriptions keep it; it is only not offered any more.
  if (found?.active) await stripe.prices.update(found.id, { active: false });
  return price.id;
}

function isSame(price: Stripe.Price, want: Wanted): boolean {
  const productId = typeof price.product === 'string' ? price.product : price.product.id;
  return (
    String(price.unit_amount_decimal) === want.unitAmount &&
    price.currency === want.currency &&
    productId === want.product &&
    (price.recurring?.interval ?? undefined) === want.interval
  );
}
