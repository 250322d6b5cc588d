import { SMS_METER } from '../usage/message-usage.ts';
import type { Check } from './check.ts';
import { microsPerMinorUnitOfRow } from './micros-per-minor-unit.ts';

/** The entry of an invoice that a ledger reference names: see billing/invoice-references.ts. */
const ofInvoice = `substring(reference FROM '^invoice ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})( |$)')`;

/** Invoices, their payment and what is pushed to Stripe for them. */
export const invoiceChecks: readonly Check[] = [
  {
    name: 'invoices-bill-their-roll-ups',
    statement:
      "An invoice's SMS and its charges are the sums of their lines and of the roll-ups it took; a void one has none left.",
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected usage of %s micros, found %s in lines, %s in roll-ups, charges of %s in lines and %s in roll-ups, and %s roll-ups that belong elsewhere%s',
                    i.usage_micros, coalesce(l.usage, 0), coalesce(r.usage, 0), coalesce(l.charges, 0), coalesce(r.charges, 0),
                    coalesce(r.strangers, 0), CASE WHEN i.state = 'void' THEN ' of a void invoice' ELSE '' END) AS detail
      FROM invoices i
      LEFT JOIN (SELECT invoice_id, sum(amount_micros) FILTER (WHERE kind IN ('usage', 'late_usage')) AS usage,
                        sum(amount_micros) FILTER (WHERE kind IN ('charge', 'late_charge')) AS charges
                 FROM invoice_lines GROUP BY invoice_id) l ON l.invoice_id = i.id
      LEFT JOIN (SELECT r.invoice_id, count(*) AS count,
                        sum(r.amount_micros) FILTER (WHERE r.meter = '${SMS_METER}') AS usage,
                        sum(r.amount_micros) FILTER (WHERE r.meter <> '${SMS_METER}') AS charges,
                        count(*) FILTER (WHERE (r.tenant_id, r.currency) <> (own.tenant_id, own.currency)) AS strangers
                 FROM usage_rollups r JOIN invoices own ON own.id = r.invoice_id
                 GROUP BY r.invoice_id) r ON r.invoice_id = i.id
      WHERE coalesce(l.usage, 0) <> i.usage_micros OR r.strangers > 0
         OR CASE WHEN i.state = 'void' THEN r.count > 0
                 ELSE coalesce(r.usage, 0) <> i.usage_micros OR coalesce(r.charges, 0) <> coalesce(l.charges, 0) END`,
  },
  {
    name: 'invoice-totals-add-up',
    statement:
      "What an invoice settles and charges is the sum of its own lines; its total is that with its sections, in minor units, rounded once. A top-up's document charges nothing: its line is its total.",
    // PostgreSQL rounds numeric half away from zero, as roundToMinorUnits does. The last of several credit notes takes
    // what is left to the heller, so its own rounding may differ by one.
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected %s micros to settle and charge and a total of %s, found %s and %s', coalesce(l.own, 0),
                    round(coalesce(l.asked, 0) / i.unit_micros), i.settles_micros + i.charges_micros, i.total_minor) AS detail
      FROM (SELECT *, (${microsPerMinorUnitOfRow})::numeric AS unit_micros FROM invoices) i
      LEFT JOIN (SELECT invoice_id, sum(amount_micros) AS asked,
                        coalesce(sum(amount_micros) FILTER (WHERE kind <> 'section'), 0) AS own
                 FROM invoice_lines GROUP BY invoice_id) l
        ON l.invoice_id = i.id
      WHERE CASE i.kind WHEN 'top_up' THEN i.total_minor * i.unit_micros ELSE i.settles_micros + i.charges_micros END
              <> coalesce(l.own, 0)
         OR (i.kind = 'top_up' AND (i.settles_micros, i.charges_micros) <> (0, 0))
         OR abs(i.total_minor - round(coalesce(l.asked, 0) / i.unit_micros)) > CASE i.kind WHEN 'credit_note' THEN 1 ELSE 0 END`,
  },
  {
    name: 'tax-is-of-the-total',
    statement:
      'The tax of a document of ours is its total at its rate, rounded once; reverse charge and outside are none.',
    sql: `
      SELECT id::text AS subject, tenant_id,
             format('expected %s minor units of tax (%s, %s basis points), found %s', CASE vat_treatment WHEN 'standard'
                    THEN round(total_minor * vat_rate_bps / 10000.0) ELSE 0 END, vat_treatment, vat_rate_bps, vat_minor) AS detail
      FROM invoices
      WHERE kind = 'usage' AND document <> 'stripe'
        AND vat_minor <> CASE vat_treatment WHEN 'standard' THEN round(total_minor * vat_rate_bps / 10000.0) ELSE 0 END`,
  },
  {
    name: 'numbers-have-no-gap',
    statement:
      'The numbers of a series and year are those from 1 to the last one taken, each on one document.',
    sql: `
      SELECT concat_ws(' ', series, year) AS subject, coalesce(n.tenant_id, '00000000-0000-0000-0000-000000000000') AS tenant_id,
             format('expected numbers 1 to %s, found %s from %s to %s', s.next_number - 1, coalesce(n.count, 0),
                    coalesce(n.first, 0), coalesce(n.last, 0)) AS detail
      FROM number_series s
      FULL JOIN (
        SELECT series, year, count(DISTINCT sequence) AS count, min(sequence) AS first, max(sequence) AS last,
               (array_agg(tenant_id ORDER BY sequence DESC))[1] AS tenant_id
        FROM (SELECT series, tenant_id, substr(number, length(series) + 1, 4)::int AS year,
                     substr(number, length(series) + 5)::bigint AS sequence
              FROM invoices WHERE number IS NOT NULL) i
        GROUP BY series, year) n USING (series, year)
      WHERE s.next_number IS NULL OR coalesce(n.count, 0) <> s.next_number - 1
         OR n.first <> 1 OR n.last <> s.next_number - 1`,
  },
  {
    name: 'payments-settle-invoices-once',
    statement:
      'What came of the payments of a paid invoice is exactly what it settles and no credit note took back before; an unpaid one has none left.',
    // Nothing to settle needs no entry. An entry names its invoice by its reference alone, hence the full join. A dispute
    // or refund takes back what a payment gave, so that the two together are nothing; what is credited then is not paid.
    sql: `
      SELECT coalesce(i.id::text, e.invoice_id, e.id) AS subject, coalesce(i.tenant_id, e.tenant_id) AS tenant_id,
             format('expected %s, found %s', CASE WHEN i.id IS NULL THEN 'an invoice of that reference'
                    WHEN i.state = 'paid' THEN format('payments of %s micros %s', i.settles_micros - e.credited_unpaid, i.currency)
                    ELSE format('nothing of the payments of an invoice that is %s', i.state) END,
                    coalesce(format('%s micros %s in %s payments', e.micros, e.currency, e.payments), 'none')) AS detail
      FROM invoices i
      FULL JOIN (
        SELECT *, CASE WHEN is_taken_back AND micros = 0 THEN credited ELSE credited_before END AS credited_unpaid FROM (
        SELECT coalesce(invoice_id, id::text) AS key, (array_agg(id::text))[1] AS id, invoice_id,
               (array_agg(tenant_id))[1] AS tenant_id, min(currency) AS currency,
               count(DISTINCT (tenant_id, currency)) AS accounts,
               coalesce(sum(amount_micros) FILTER (WHERE kind IN ('invoice_payment', 'dispute', 'purchase_refund')), 0) AS micros,
               count(*) FILTER (WHERE kind = 'invoice_payment') AS payments,
               coalesce(sum(amount_micros) FILTER (WHERE kind = 'adjustment' AND sequence < coalesce(last_payment, sequence + 1)), 0)
                 AS credited_before,
               coalesce(sum(amount_micros) FILTER (WHERE kind = 'adjustment'), 0) AS credited,
               coalesce(bool_or(kind IN ('dispute', 'purchase_refund') AND amount_micros < 0 AND sequence > last_payment), false)
                 AS is_taken_back
        FROM (SELECT *, ${ofInvoice} AS invoice_id, max(sequence) FILTER (WHERE kind = 'invoice_payment')
                          OVER (PARTITION BY ${ofInvoice}) AS last_payment
              FROM ledger_entries
              WHERE kind = 'invoice_payment' OR (kind IN ('dispute', 'purchase_refund', 'adjustment') AND reference LIKE 'invoice %')) e
        GROUP BY 1, invoice_id) sums) e ON e.invoice_id = i.id::text
      WHERE CASE WHEN i.id IS NULL THEN true
                 WHEN e.invoice_id IS NULL THEN i.state = 'paid' AND i.settles_micros <> 0
                 WHEN i.state = 'paid' THEN e.micros <> i.settles_micros - e.credited_unpaid
                 ELSE e.micros <> 0 END
         OR e.accounts > 1 OR (e.tenant_id, e.currency) <> (i.tenant_id, i.currency) OR e.payments > i.payment_count`,
  },
  {
    name: 'credit-notes-are-booked-once',
    statement:
      'What credit notes took back of an invoice is the sum of their entries and of their documents.',
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected %s micros credited by entries and %s minor units by credit notes, found %s and %s',
                    coalesce(e.micros, 0), coalesce(n.minor, 0), i.credited_micros, i.credited_minor) AS detail
      FROM invoices i
      LEFT JOIN (SELECT ${ofInvoice} AS invoice_id, sum(amount_micros) AS micros FROM ledger_entries
                 WHERE kind = 'adjustment' AND reference LIKE 'invoice %' GROUP BY 1) e ON e.invoice_id = i.id::text
      LEFT JOIN (SELECT credits_invoice_id, -sum(gross_minor) AS minor FROM invoices
                 WHERE kind = 'credit_note' AND state <> 'void' GROUP BY 1) n ON n.credits_invoice_id = i.id
      WHERE i.credited_micros <> coalesce(e.micros, 0) OR i.credited_minor <> coalesce(n.minor, 0)`,
  },
  {
    name: 'sections-follow-their-payer',
    statement:
      "A section is line by line on one invoice, its payer's, and is settled, disputed and paid with it.",
    sql: `
      SELECT s.id::text AS subject, s.tenant_id,
             format('expected %s micros on an invoice of %s that is %s, found %s on one of %s that is %s',
                    s.settles_micros + s.charges_micros, s.payer_tenant_id, s.state, coalesce(l.micros, 0), p.tenant_id, p.state) AS detail
      FROM (SELECT i.*, period.payer_tenant_id FROM invoices i JOIN billing_periods period ON period.id = i.period_id
            WHERE i.payer_invoice_id IS NOT NULL) s
      JOIN invoices p ON p.id = s.payer_invoice_id
      LEFT JOIN (SELECT invoice_id, section_invoice_id, sum(amount_micros) AS micros FROM invoice_lines
                 WHERE kind = 'section' GROUP BY 1, 2) l ON l.invoice_id = p.id AND l.section_invoice_id = s.id
      WHERE coalesce(l.micros, 0) <> s.settles_micros + s.charges_micros OR p.tenant_id <> s.payer_tenant_id
         OR p.currency <> s.currency OR p.state = 'void' OR (p.state = 'paid') <> (s.state = 'paid')
         OR (p.state = 'disputed') <> (s.state = 'disputed')
      UNION ALL
      SELECT l.section_invoice_id::text, s.tenant_id,
             format('expected to be on one invoice, found lines on %s', l.invoices)
      FROM (SELECT section_invoice_id, count(DISTINCT invoice_id) AS invoices, bool_or(true) AS any,
                   (array_agg(invoice_id))[1] AS invoice_id
            FROM invoice_lines l JOIN invoices p ON p.id = l.invoice_id AND p.state <> 'void'
            WHERE l.kind = 'section' GROUP BY section_invoice_id) l
      JOIN invoices s ON s.id = l.section_invoice_id
      WHERE l.invoices > 1 OR s.payer_invoice_id IS NULL`,
  },
  {
    name: 'days-of-fees-count-once',
    statement: 'Every local day counts once for a fee, and once for a plan, whichever plan that was.',
    sql: `
      SELECT concat_ws(' ', tenant_id, meter, source_id) AS subject, tenant_id,
             format('expected to be charged once, found %s times', count) AS detail
      FROM (SELECT tenant_id, CASE WHEN meter LIKE 'plan:%' THEN 'plan' ELSE meter END AS meter, source_id, count(*) AS count
            FROM usage_events WHERE meter LIKE 'fee:%' OR meter LIKE 'plan:%' GROUP BY 1, 2, 3) days
      WHERE count > 1`,
  },
  {
    name: 'invoices-are-pushed-once',
    statement:
      'An invoice that Stripe collects has a push within a minute, and one item of each part; what has nothing to collect has none.',
    // Where Stripe counts a meter itself, days are pushed and not invoices. Sippy's debit is a push of a document of ours.
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected %s of a %s of %s minor units, found %s, the same item %s times',
                    CASE WHEN i.is_collected THEN 'a push' ELSE 'no push' END, i.document, i.total_minor, i.pushes, i.copies) AS detail
      FROM (SELECT i.*, i.document = 'stripe' AND i.total_minor > 0 AND p.collection <> 'stripe_meter' AS is_collected,
                   i.document = 'ours' AND p.collection = 'sippy' AS is_debited,
                   (SELECT count(*) FROM stripe_pushes p WHERE p.invoice_id = i.id) AS pushes,
                   (SELECT coalesce(max(count), 0) FROM (SELECT count(*) FROM stripe_pushes p
                      WHERE p.invoice_id = i.id GROUP BY p.kind, p.part) parts) AS copies
            FROM invoices i JOIN billing_periods p ON p.id = i.period_id) i
      WHERE i.copies > 1
         OR (i.pushes > 0 AND NOT i.is_debited AND (i.document <> 'stripe' OR i.total_minor <= 0))
         OR (i.is_collected AND i.pushes = 0 AND i.state NOT IN ('void', 'awaiting_approval')
             AND i.issued_at < (SELECT instant FROM as_of) - interval '1 minute')`,
  },
  {
    name: 'confirmed-pushes-have-a-stripe-id',
    statement:
      "A push that Stripe confirmed carries the id of Stripe's object, and belongs to its invoice's tenant.",
    sql: `
      SELECT p.id::text AS subject, p.tenant_id,
             format('expected a Stripe id and tenant %s, found %s and %s in state %s', i.tenant_id,
                    coalesce(p.stripe_id, 'none'), p.tenant_id, p.state) AS detail
      FROM stripe_pushes p
      JOIN invoices i ON i.id = p.invoice_id
      WHERE p.tenant_id <> i.tenant_id OR (p.state = 'confirmed' AND p.stripe_id IS NULL)`,
  },
];
