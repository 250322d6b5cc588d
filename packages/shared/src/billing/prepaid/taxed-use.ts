import { raiseOperatorAlert } from '../../alerts/operator-alerts.ts';
import type { BillingPeriod } from '../../generated/prisma/client.ts';
import { toPublicId } from '../../ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '../../money/money.ts';
import { roundToMinorUnits } from '../../money/round-to-minor-units.ts';
import type { Db } from '../../runtime/database.ts';
import { decideVat, type Vat } from '../decide-vat.ts';
import type { LockedInvoice } from '../invoices.ts';
import type { Parties } from '../parties.ts';
import { readVatRates } from '../vat-rates.ts';
import { containedVat } from './contained-vat.ts';
import { readPrepaidTax } from './prepaid-tax.ts';

export type UsedCredit = {
  draft: Pick<LockedInvoice, 'id' | 'tenantId' | 'document' | 'currency' | 'usageMicros'>;
  period: Pick<BillingPeriod, 'paymentTerms'>;
  parties: Parties;
};

export type TaxedUse = {
  vat: Vat;
  amounts: { taxedUseMicros: bigint; taxedUseVatMinor: bigint };
};

/**
 * The VAT in what a prepaid tenant used of its credit, where that is when VAT is due: it is contained in
 * the prices. Credit that was taxed when it was bought is used first and not taxed again. Null where
 * there is none, so that nothing changes: a postpaid tenant, VAT at top-up, or a tenant without VAT.
 */
export async function readTaxedUse(
  db: Db,
  { draft, period, parties }: UsedCredit,
  at: Date,
): Promise<TaxedUse | null> {
  const { usageMicros, currency } = draft;
  if (period.paymentTerms !== 'prepaid' || usageMicros === 0n) return null;
  if ((await readPrepaidTax(db)) !== 'at_use') return null;
  const vat = decideVat({ ...parties, rates: await readVatRates(db) });
  if (vat.treatment !== 'standard') return null;
  const taxedUseMicros = usageMicros - (await usedOfTaxedCredit(db, draft));
  if (taxedUseMicros === 0n) return null;
  const taxedUseVatMinor = containedVat(roundToMinorUnits(taxedUseMicros, currency), vat.rateBps);
  if (draft.document === 'statement' || draft.document === 'ours')
    return { vat, amounts: { taxedUseMicros, taxedUseVatMinor } };
  await askForDocument(db, draft, { taxedUseMicros, taxedUseVatMinor, vat }, at);
  return null;
}

/** What this usage takes of credit that a document of its purchase has taxed, and earlier usage has left. */
async function usedOfTaxedCredit(
  db: Db,
  { id, tenantId, currency, usageMicros }: UsedCredit['draft'],
): Promise<bigint> {
  if (usageMicros < 0n) return 0n;
  const [bought] = await db.$queryRaw<{ minor: bigint; since: Date | null }[]>`
    SELECT coalesce(sum(i.total_minor), 0)::bigint AS minor, min(i.issued_at) AS since
    FROM invoices i LEFT JOIN invoices credited ON credited.id = i.credits_invoice_id
    WHERE i.tenant_id = ${tenantId}::uuid AND i.currency = ${currency} AND i.state <> 'void'
      AND 'top_up' IN (i.kind, credited.kind)`;
  if (!bought?.since) return 0n;
  const [used] = await db.$queryRaw<{ micros: bigint }[]>`
    SELECT coalesce(sum(i.usage_micros - i.taxed_use_micros), 0)::bigint AS micros
    FROM invoices i JOIN billing_periods p ON p.id = i.period_id AND p.payment_terms = 'prepaid'
    WHERE i.tenant_id = ${tenantId}::uuid AND i.currency = ${currency} AND i.kind = 'usage' AND i.state <> 'void'
      AND i.issued_at >= ${bought.since} AND i.id <> ${id}::uuid`;
  const leftMicros = minorUnitsToMicros(bought.minor, currency) - (used?.micros ?? 0n);
  if (leftMicros <= 0n) return 0n;
  return leftMicros < usageMicros ? leftMicros : usageMicros;
}

/** Stripe's document, or a payer's, carries the charges of the period, and no number of ours: a person issues this one. */
async function askForDocument(
  db: Db,
  { id, tenantId, currency, document }: UsedCredit['draft'],
  { taxedUseMicros, taxedUseVatMinor, vat }: TaxedUse['amounts'] & { vat: Vat },
  at: Date,
): Promise<void> {
  const vatAmount = formatMicros(minorUnitsToMicros(taxedUseVatMinor, currency));
  const detail = `${formatMicros(taxedUseMicros)} ${currency} of credit were used, ${vatAmount} of it VAT at ${vat.rateBps} basis points, beside charges that are on a ${document} document: issue its tax document by hand`;
  const alert = { kind: 'used_credit_without_document', subject: toPublicId('inv', id), tenantId, detail };
  await raiseOperatorAlert(db, alert, at);
}
