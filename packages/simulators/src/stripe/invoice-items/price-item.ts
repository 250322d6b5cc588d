import type { Account } from '../account/account.ts';
import { lineAmount, shortestDecimal } from '../money/decimal.ts';
import { createHiddenPrice } from '../prices/create-hidden-price.ts';
import { unitAmountOf } from '../prices/create-price.ts';
import { unitAmountIn } from '../prices/price.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import type { Pricing } from './invoice-item.ts';
import type { CreateInvoiceItem } from './invoice-item-params.ts';

/** What an item costs: the amount in minor units, rounded once, and how it came about. */
export interface PricedItem {
  currency: string;
  amount: number;
  quantityDecimal: string;
  pricing: Pricing;
}

const ways = ['amount', 'price_data', 'pricing', 'unit_amount_decimal'] as const;

/** Prices an item in the one of the four ways that was given. Refuses none, several, and a quantity beside an amount. */
export function priceItem(account: Account, params: CreateInvoiceItem): PricedItem {
  const [way, ...others] = ways.filter((name) => params[name] !== undefined);
  if (way !== undefined && others.length > 0) throw exclusive([way, ...others]);
  const quantityDecimal = quantityOf(params);
  switch (way) {
    case 'pricing':
      return priceByPrice(account, params, quantityDecimal);
    case 'price_data':
      return priceByData(account, params, quantityDecimal);
    case 'unit_amount_decimal':
      return priceByUnit(account, params, shortestDecimal(params.unit_amount_decimal ?? ''), quantityDecimal);
    case 'amount':
      if (params.quantity !== undefined || params.quantity_decimal !== undefined) {
        throw exclusive(['amount', params.quantity === undefined ? 'quantity_decimal' : 'quantity']);
      }
      return priceByUnit(account, params, String(params.amount), '1');
    default:
      throw invalidRequest(
        `One of the following params should be provided for this request: ${ways.join(', ')}.`,
        { code: 'parameter_missing', param: 'pricing' },
      );
  }
}

function priceByPrice(account: Account, params: CreateInvoiceItem, quantityDecimal: string): PricedItem {
  const id = params.pricing?.price;
  if (id === undefined) throw missing('pricing[price]');
  const price = account.get('price', id, 'pricing[price]');
  const param = 'pricing[price]';
  if (!price.active) throw invalidRequest('The price specified is inactive.', { param });
  if (price.type !== 'one_time') {
    throw invalidRequest('The price specified is recurring; this field only accepts one-time prices.', {
      param,
    });
  }
  const currency = params.currency ?? price.currency;
  const unitAmount = unitAmountIn(price, currency);
  if (unitAmount === undefined) {
    throw invalidRequest(`The price specified has no amount in ${currency}.`, { param: 'currency' });
  }
  return priced(currency, unitAmount, quantityDecimal, price.id, price.product);
}

function priceByData(account: Account, params: CreateInvoiceItem, quantityDecimal: string): PricedItem {
  const data = params.price_data;
  if (data === undefined) throw missing('price_data');
  if (params.currency !== undefined && params.currency !== data.currency) {
    throw invalidRequest('The currency differs from that of price_data.', { param: 'currency' });
  }
  const unitAmount = unitAmountOf(data, 'price_data');
  const product = account.get('product', data.product, 'price_data[product]');
  const price = createHiddenPrice(account, { currency: data.currency, unitAmount, product: product.id });
  return priced(data.currency, unitAmount, quantityDecimal, price.id, product.id);
}

function priceByUnit(
  account: Account,
  { currency, description }: CreateInvoiceItem,
  unitAmount: string,
  quantityDecimal: string,
): PricedItem {
  if (currency === undefined) throw missing('currency');
  const price = createHiddenPrice(account, {
    currency,
    unitAmount,
    productName: description ?? 'Invoice item',
  });
  return priced(currency, unitAmount, quantityDecimal, price.id, price.product);
}

function priced(
  currency: string,
  unitAmount: string,
  quantityDecimal: string,
  price: string,
  product: string,
): PricedItem {
  return {
    currency,
    amount: lineAmount(unitAmount, quantityDecimal),
    quantityDecimal,
    pricing: { type: 'price_details', price_details: { price, product }, unit_amount_decimal: unitAmount },
  };
}

function quantityOf({ quantity, quantity_decimal: exact }: CreateInvoiceItem): string {
  if (quantity !== undefined && exact !== undefined) throw exclusive(['quantity', 'quantity_decimal']);
  if (exact?.startsWith('-')) {
    throw invalidRequest('The quantity must not be negative.', { param: 'quantity_decimal' });
  }
  return exact === undefined ? String(quantity ?? 1) : shortestDecimal(exact);
}

function missing(param: string) {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

function exclusive(names: readonly string[]) {
  const message = `You may only specify one of these parameters: ${names.join(', ')}.`;
  return invalidRequest(message, { code: 'parameters_exclusive', param: names[0] ?? '' });
}
