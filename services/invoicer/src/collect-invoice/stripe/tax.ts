import { decideVat } from '@tollgate/shared/billing/decide-vat.ts';
import { readParties } from '@tollgate/shared/billing/parties.ts';
import { readVatRates } from '@tollgate/shared/billing/vat-rates.ts';
import { lastLocalDay } from '@tollgate/shared/time/local-time.ts';
import type { CollectDeps } from '../collect-deps.ts';
import { settingsOf } from '../collect-deps.ts';
import type { InvoiceSource } from './read-source.ts';

/** How Stripe's document gets its tax. */
export type StripeTax = { automatic: boolean; taxRates: string[] };

/**
 * By STRIPE_TAX_MODE: Stripe computes it, or our rate of the day on which the period ended is on each
 * item, or there is none. Throws what Stripe throws while the rate is looked up or made there.
 */
export async function chooseTax(deps: CollectDeps, source: InvoiceSource): Promise<StripeTax> {
  const { taxMode } = settingsOf(deps);
  if (taxMode === 'stripe_tax') return { automatic: true, taxRates: [] };
  if (taxMode === 'none') return { automatic: false, taxRates: [] };
  const { issuer, payer } = await readParties(deps.prisma, source.tenantId);
  const taxPointOn = lastLocalDay(source.endsAt, source.timeZone);
  const rates = await readVatRates(deps.prisma);
  const { treatment, rateBps } = decideVat({ issuer, payer, taxPointOn, rates });
  if (treatment !== 'standard') return { automatic: false, taxRates: [] };
  const country = payer.country ?? issuer.country;
  return { automatic: false, taxRates: [await ensureTaxRate(deps, country, rateBps)] };
}

/** The id of the one rate at Stripe for a country and percentage; made where there is none. */
async function ensureTaxRate({ stripe }: CollectDeps, country: string, rateBps: number): Promise<string> {
  const name = `${country} ${rateBps}`;
  for await (const rate of stripe.taxRates.list({ active: true, inclusive: false, limit: 100 })) {
    if (rate.metadata?.tollgate_rate === name) return rate.id;
  }
  const made = await stripe.taxRates.create(
    {
      display_name: country === 'CZ' ? 'DPH' : 'VAT',
      percentage: rateBps / 100,
      inclusive: false,
      country,
      tax_type: 'vat',
      metadata: { tollgate_rate: name },
    },
    { idempotencyKey: `tollgate:tax_rate:${country}:${rateBps}` },
  );
  return made.id;
}
