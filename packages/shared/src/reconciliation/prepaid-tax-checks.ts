import type { Check } from './check.ts';
import { microsPerMinorUnitOfRow } from './micros-per-minor-unit.ts';

/** Tax documents of prepaid tenants: of their top-ups, or of what they used. */
export const prepaidTaxChecks: readonly Check[] = [
  {
    name: 'top-ups-have-one-document',
    statement:
      'A paid top-up that was asked for with VAT due has one tax document of exactly what was paid; any other has none.',
    sql: `
      SELECT t.id::text AS subject, t.tenant_id,
             format('expected %s, found %s', CASE WHEN t.is_due THEN format('a paid document of %s and %s %s of VAT', t.net_minor,
                    t.vat_minor, t.currency) ELSE 'no document' END, CASE WHEN i.id IS NULL THEN 'none'
                    ELSE format('one of %s and %s %s that is %s', i.total_minor, i.vat_minor, i.currency, i.state) END) AS detail
      FROM (SELECT *, state = 'paid' AND prepaid_tax IS NOT DISTINCT FROM 'at_top_up' AS is_due FROM top_ups) t
      LEFT JOIN invoices i ON i.top_up_id = t.id
      WHERE CASE WHEN t.is_due THEN (i.kind, i.state, i.tenant_id, i.currency, i.total_minor, i.vat_minor, i.paid_minor)
                   IS DISTINCT FROM ('top_up', 'paid', t.tenant_id, t.currency, t.net_minor, t.vat_minor, t.gross_minor)
                 ELSE i.id IS NOT NULL END`,
  },
  {
    name: 'purchase-documents-follow-the-money',
    statement:
      'A document of bought credit is paid once, and what it says before tax was credited; its credit notes are of what was taken back, void ones of nothing.',
    // Never more is credited than is left of the document, so its last credit note may be a minor unit below its entry.
    sql: `
      SELECT d.id::text AS subject, d.tenant_id,
             format('expected %s minor units of money and an entry of %s micros %s, found %s in %s payments and %s',
                    CASE d.state WHEN 'void' THEN 0 ELSE d.gross_minor END, d.total_minor * d.unit_micros, d.currency,
                    coalesce(p.minor, 0), coalesce(p.payments, 0), coalesce(e.amount_micros::text, 'none')) AS detail
      FROM (SELECT i.*, (${microsPerMinorUnitOfRow})::numeric AS unit_micros
            FROM invoices i
            WHERE (i.kind = 'top_up' AND i.state = 'paid')
               OR i.credits_invoice_id IN (SELECT id FROM invoices WHERE kind = 'top_up')) d
      LEFT JOIN (SELECT invoice_id, sum(amount_minor) AS minor, count(*) AS payments,
                        (array_agg(reference ORDER BY recorded_at, id))[1] AS reference
                 FROM invoice_payments GROUP BY 1) p ON p.invoice_id = d.id
      LEFT JOIN ledger_entries e ON e.tenant_id = d.tenant_id AND e.reference = p.reference AND e.currency = d.currency
        AND CASE d.kind WHEN 'top_up' THEN e.kind = 'purchase' ELSE e.kind IN ('purchase_refund', 'dispute') END
      WHERE coalesce(p.minor, 0) <> CASE d.state WHEN 'void' THEN 0 ELSE d.gross_minor END
         OR p.payments IS DISTINCT FROM CASE d.state WHEN 'void' THEN 2 ELSE 1 END OR e.amount_micros IS NULL
         OR abs(e.amount_micros - d.total_minor * d.unit_micros) > CASE d.kind WHEN 'top_up' THEN 0 ELSE d.unit_micros END`,
  },
  {
    name: 'used-credit-contains-its-tax',
    statement:
      'VAT in used credit is its part of the price at the rate of the document, rounded once, of prepaid usage alone.',
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected %s minor units of VAT in %s of %s micros of usage (%s, %s basis points), found %s',
                    i.used_minor - round(i.used_minor * 10000 / (10000 + i.vat_rate_bps)), i.taxed_use_micros, i.usage_micros,
                    i.vat_treatment, i.vat_rate_bps, i.taxed_use_vat_minor) AS detail
      FROM (SELECT *, round(taxed_use_micros / (${microsPerMinorUnitOfRow})::numeric) AS used_minor FROM invoices
            WHERE taxed_use_micros <> 0 OR taxed_use_vat_minor <> 0) i
      LEFT JOIN billing_periods p ON p.id = i.period_id
      WHERE i.taxed_use_vat_minor <> i.used_minor - round(i.used_minor * 10000 / (10000 + i.vat_rate_bps))
         OR i.vat_treatment <> 'standard' OR p.payment_terms IS DISTINCT FROM 'prepaid'
         OR abs(i.taxed_use_micros) > abs(i.usage_micros)`,
  },
];
