import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { shortestDecimal, wholeOrNull } from '../money/decimal.ts';
import { newProduct } from '../products/product.ts';
import {
  boolean,
  currency,
  decimal,
  expand,
  integer,
  metadata,
  natural,
  notSimulated,
  text,
} from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import type { CurrencyOption, Price, Recurring } from './price.ts';
import { takeLookupKey } from './take-lookup-key.ts';

export const taxBehavior = z.enum(['exclusive', 'inclusive', 'unspecified']);

const amounts = { unit_amount: natural.optional(), unit_amount_decimal: decimal.optional() };

const currencyOption = z.strictObject({
  ...amounts,
  tax_behavior: taxBehavior.optional(),
  ...notSimulated('custom_unit_amount', 'tiers'),
});

const recurring = z.strictObject({
  interval: z.enum(['day', 'month', 'week', 'year']),
  interval_count: integer.optional(),
  meter: text().optional(),
  usage_type: z.enum(['licensed', 'metered']).optional(),
  ...notSimulated('trial_period_days'),
});

const productData = z.strictObject({
  active: boolean.optional(),
  id: text().optional(),
  metadata,
  name: text(),
  statement_descriptor: text(22).optional(),
  tax_code: text().optional(),
  unit_label: text(12).optional(),
  ...notSimulated('tax_details'),
});

export const CreatePrice = z.strictObject({
  ...amounts,
  active: boolean.optional(),
  billing_scheme: z.literal('per_unit').optional(),
  currency,
  currency_options: z.record(z.string().regex(/^[a-z]{3}$/), currencyOption).optional(),
  expand,
  lookup_key: text(200).optional(),
  metadata,
  nickname: text().optional(),
  product: text().optional(),
  product_data: productData.optional(),
  recurring: recurring.optional(),
  tax_behavior: taxBehavior.optional(),
  transfer_lookup_key: boolean.optional(),
  ...notSimulated('custom_unit_amount', 'tiers', 'tiers_mode', 'transform_quantity'),
});

export type CreatePrice = z.output<typeof CreatePrice>;

/** Creates a price; its amount, currency and rhythm never change afterwards. */
export function createPrice(account: Account, params: CreatePrice): Price {
  const product = productOf(account, params);
  const { lookup_key: lookupKey, currency_options: options = {} } = params;
  const main = currencyOptionOf(params, '');
  const price: Price = {
    id: account.newId('price'),
    object: 'price',
    active: params.active ?? true,
    billing_scheme: 'per_unit',
    created: account.now,
    currency: params.currency,
    currency_options: {
      [params.currency]: main,
      ...Object.fromEntries(
        Object.entries(options).map(([name, option]) => [
          name,
          currencyOptionOf(option, `currency_options[${name}]`),
        ]),
      ),
    },
    livemode: false,
    lookup_key: lookupKey ?? null,
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product,
    recurring: params.recurring === undefined ? null : recurringOf(account, params.recurring),
    tiers_mode: null,
    transform_quantity: null,
    type: params.recurring === undefined ? 'one_time' : 'recurring',
    ...main,
  };
  if (lookupKey !== undefined) takeLookupKey(account, lookupKey, params.transfer_lookup_key ?? false);
  account.create('price', price, 'price.created');
  return price;
}

function productOf(account: Account, { product, product_data: data }: CreatePrice): string {
  if (product !== undefined && data !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: product, product_data.', {
      code: 'parameters_exclusive',
    });
  }
  if (product !== undefined) return account.get('product', product, 'product').id;
  if (data === undefined) {
    throw invalidRequest('Missing required param: product.', { code: 'parameter_missing', param: 'product' });
  }
  const { name, metadata: change, active, tax_code, unit_label, statement_descriptor } = data;
  const created = {
    ...newProduct(data.id ?? account.newId('prod'), name, account.now),
    active: active ?? true,
    metadata: mergeMetadata({}, change),
    statement_descriptor: statement_descriptor ?? null,
    tax_code: tax_code ?? null,
    unit_label: unit_label ?? null,
  };
  account.create('product', created, 'product.created');
  return created.id;
}

function recurringOf(account: Account, given: z.output<typeof recurring>): Recurring {
  const { interval, interval_count: count = 1, meter, usage_type: usage = 'licensed' } = given;
  if (count < 1)
    throw invalidRequest('Invalid interval_count: must be at least 1', {
      param: 'recurring[interval_count]',
    });
  if ((usage === 'metered') !== (meter !== undefined)) {
    throw invalidRequest('A metered price has a meter, and no other has one.', {
      code: usage === 'metered' ? 'parameter_missing' : 'parameter_unknown',
      param: 'recurring[meter]',
    });
  }
  if (meter !== undefined) account.get('billing.meter', meter, 'recurring[meter]');
  return {
    interval,
    interval_count: count,
    meter: meter ?? null,
    trial_period_days: null,
    usage_type: usage,
  };
}

function currencyOptionOf(
  option: {
    unit_amount?: number | undefined;
    unit_amount_decimal?: string | undefined;
    tax_behavior?: CurrencyOption['tax_behavior'] | undefined;
  },
  place: string,
): CurrencyOption {
  const unitAmount = unitAmountOf(option, place);
  return {
    custom_unit_amount: null,
    tax_behavior: option.tax_behavior ?? 'unspecified',
    unit_amount: wholeOrNull(unitAmount),
    unit_amount_decimal: unitAmount,
  };
}

/** Returns the decimal unit amount given in one of the two ways. Refuses both and neither. */
export function unitAmountOf(
  option: { unit_amount?: number | undefined; unit_amount_decimal?: string | undefined },
  place: string,
): string {
  const { unit_amount: whole, unit_amount_decimal: exact } = option;
  const param = (name: string) => (place === '' ? name : `${place}[${name}]`);
  if (whole !== undefined && exact !== undefined) {
    const names = `${param('unit_amount')}, ${param('unit_amount_decimal')}`;
    throw invalidRequest(`You may only specify one of these parameters: ${names}.`, {
      code: 'parameters_exclusive',
    });
  }
  if (exact !== undefined) return shortestDecimal(exact);
  if (whole !== undefined) return String(whole);
  throw invalidRequest(`Missing required param: ${param('unit_amount')}.`, {
    code: 'parameter_missing',
    param: param('unit_amount'),
  });
}
