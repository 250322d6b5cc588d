import type { Account } from '../account/account.ts';
import { wholeOrNull } from '../money/decimal.ts';
import { newProduct } from '../products/product.ts';
import type { Price } from './price.ts';

export interface HiddenPrice {
  currency: string;
  unitAmount: string;
  /** An existing product; without one an inactive product of that name is made. */
  product?: string;
  productName?: string;
}

/** Creates the inactive price that stands behind an item priced ad hoc. No event tells of it. */
export function createHiddenPrice(account: Account, hidden: HiddenPrice): Price {
  const product = hidden.product ?? createHiddenProduct(account, hidden.productName ?? '');
  const amount = { unit_amount: wholeOrNull(hidden.unitAmount), unit_amount_decimal: hidden.unitAmount };
  const price: Price = {
    id: account.newId('price'),
    object: 'price',
    active: false,
    billing_scheme: 'per_unit',
    created: account.now,
    currency: hidden.currency,
    currency_options: {
      [hidden.currency]: { custom_unit_amount: null, tax_behavior: 'unspecified', ...amount },
    },
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product,
    recurring: null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    ...amount,
  };
  account.create('price', price, null);
  return price;
}

function createHiddenProduct(account: Account, name: string): string {
  const product = { ...newProduct(account.newId('prod'), name, account.now), active: false };
  account.create('product', product, null);
  return product.id;
}
