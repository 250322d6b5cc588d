import { decideVat, vatOf } from '../billing/decide-vat.ts';
import { readParties } from '../billing/parties.ts';
import { type PrepaidTax, readPrepaidTax } from '../billing/prepaid/prepaid-tax.ts';
import { readVatRates } from '../billing/vat-rates.ts';
import type { Db } from '../runtime/database.ts';
import { localDate } from '../time/local-time.ts';
import type { StripeTaxMode } from './stripe-config.ts';

/**
 * stripe: Stripe adds it on its page. Otherwise it is added by us, and may be nothing. `due` is what the
 * top-up keeps, so that a later change of the setting changes nothing of what was asked for before.
 */
export type TopUpTax = { due: PrepaidTax } & (
  | { by: 'stripe' }
  | { by: 'us'; vatMinor: bigint; rateBps: number }
);

/**
 * The tax on a top-up: none where VAT on prepaid credit is due at its use, else Stripe's or ours.
 * Stripe computes it only on its own page, so a card that is charged by us carries ours.
 */
export async function decideTopUpTax(
  db: Db,
  {
    tenantId,
    netMinor,
    taxMode,
    isCheckout,
  }: { tenantId: string; netMinor: bigint; taxMode: StripeTaxMode; isCheckout: boolean },
  at: Date,
): Promise<TopUpTax> {
  const due = await readPrepaidTax(db);
  if (due === 'at_use') return { due, by: 'us', vatMinor: 0n, rateBps: 0 };
  if (taxMode === 'stripe_tax' && isCheckout) return { due, by: 'stripe' };
  const parties = await readParties(db, tenantId);
  const { rateBps } = decideVat({
    ...parties,
    rates: await readVatRates(db),
    taxPointOn: localDate(at, parties.issuer.timeZone),
  });
  return { due, by: 'us', vatMinor: vatOf(netMinor, rateBps), rateBps };
}
