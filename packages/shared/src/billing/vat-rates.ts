import type { Db } from '../runtime/database.ts';
import { utcDay } from '../time/local-time.ts';
import type { VatRateRow } from './decide-vat.ts';

/** Every VAT rate that is known, of any country and time. */
export async function readVatRates(db: Db): Promise<VatRateRow[]> {
  const rows = await db.vatRate.findMany();
  return rows.map(({ country, validFrom, validUntil, rateBps }) => ({
    country,
    rateBps,
    validFrom: utcDay(validFrom),
    validUntil: validUntil === null ? null : utcDay(validUntil),
  }));
}
