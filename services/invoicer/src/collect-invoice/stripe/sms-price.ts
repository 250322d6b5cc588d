import type { CollectDeps } from '../collect-deps.ts';
import { settingsOf } from '../collect-deps.ts';
import { type SmsPrice, unitMicrosOf } from './build-item.ts';

/** The configured Price of a segment in a currency; null where none is, or where it is not in use. */
export async function readSmsPrice(deps: CollectDeps, currency: string): Promise<SmsPrice | null> {
  const id = settingsOf(deps).smsPrices[currency];
  if (id === undefined) return null;
  const price = await deps.stripe.prices.retrieve(id);
  const unit = price.unit_amount_decimal?.toString();
  if (!price.active || price.currency !== currency.toLowerCase() || unit === undefined) return null;
  const product = typeof price.product === 'string' ? price.product : price.product.id;
  return { id, product, unitMicros: unitMicrosOf(unit, currency) };
}
