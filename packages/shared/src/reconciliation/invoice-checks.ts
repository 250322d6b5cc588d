import { type Currency, microsPerMinorUnit } from '../money/money.ts';
import type { Check } from './check.ts';

const CENT_MICROS = 10_000n;

/** Micros in a minor unit of column `currency`, from the same table that the rounding uses. */
const microsPerMinorUnitOfRow = [
  'CASE currency',
  ...Intl.supportedValuesOf('currency').flatMap((code: Currency) => {
    const micros = microsPerMinorUnit(code);
    return micros === CENT_MICROS ? [] : [`WHEN '${code}' THEN ${micros}`];
  }),
  `ELSE ${CENT_MICROS} END`,
].join(' ');

/** Invoices, their payment and what is pushed to Stripe for them. */
export const invoiceChecks: readonly Check[] = [
  {
    name: 'invoices-bill-their-roll-ups',
    statement:
      "An invoice's usage is the sum of its usage lines and of the roll-ups it took; a void one has none left.",
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected usage of %s micros, found %s in lines, %s in roll-ups and %s roll-ups that belong elsewhere%s',
                    i.usage_micros, coalesce(l.micros, 0), coalesce(r.micros, 0), coalesce(r.strangers, 0),
                    CASE WHEN i.state = 'void' THEN ' of a void invoice' ELSE '' END) AS detail
      FROM invoices i
      LEFT JOIN (SELECT invoice_id, sum(amount_micros) AS micros FROM invoice_lines
                 WHERE kind IN ('usage', 'late_usage') GROUP BY invoice_id) l ON l.invoice_id = i.id
      LEFT JOIN (SELECT r.invoice_id, sum(r.amount_micros) AS micros, count(*) AS count, count(*) FILTER
                   (WHERE (r.tenant_id, r.currency) <> (own.tenant_id, own.currency)) AS strangers
                 FROM usage_rollups r JOIN invoices own ON own.id = r.invoice_id
                 GROUP BY r.invoice_id) r ON r.invoice_id = i.id
      WHERE coalesce(l.micros, 0) <> i.usage_micros OR r.strangers > 0
         OR CASE WHEN i.state = 'void' THEN r.count > 0 ELSE coalesce(r.micros, 0) <> i.usage_micros END`,
  },
  {
    name: 'invoice-totals-add-up',
    statement:
      'What an invoice settles is the sum of its lines, and its total is that in minor units, rounded once.',
    // PostgreSQL rounds numeric half away from zero, as roundToMinorUnits does.
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected to settle %s micros and a total of %s, found %s and %s', coalesce(l.micros, 0),
                    round(i.settles_micros / i.unit_micros), i.settles_micros, i.total_minor) AS detail
      FROM (SELECT *, (${microsPerMinorUnitOfRow})::numeric AS unit_micros FROM invoices) i
      LEFT JOIN (SELECT invoice_id, sum(amount_micros) AS micros FROM invoice_lines GROUP BY invoice_id) l
        ON l.invoice_id = i.id
      WHERE i.settles_micros <> coalesce(l.micros, 0) OR i.total_minor <> round(i.settles_micros / i.unit_micros)`,
  },
  {
    name: 'payments-settle-invoices-once',
    statement: 'A paid invoice has one payment entry of exactly what it settles; an unpaid one has none.',
    // Nothing to settle needs no entry. An entry names its invoice by its reference alone, hence the full join.
    sql: `
      SELECT coalesce(i.id::text, e.reference, e.id::text) AS subject, coalesce(i.tenant_id, e.tenant_id) AS tenant_id,
             format('expected %s, found %s', CASE WHEN i.id IS NULL THEN 'an invoice of that reference'
                    WHEN i.state = 'paid' THEN format('a payment of %s micros %s', i.settles_micros, i.currency)
                    ELSE format('no payment of an invoice that is %s', i.state) END,
                    coalesce(format('%s micros %s', e.amount_micros, e.currency), 'none')) AS detail
      FROM invoices i
      FULL JOIN (SELECT * FROM ledger_entries WHERE kind = 'invoice_payment') e ON e.reference = 'invoice ' || i.id
      WHERE CASE WHEN i.id IS NULL THEN true
                 WHEN i.state <> 'paid' THEN e.id IS NOT NULL
                 WHEN e.id IS NULL THEN i.settles_micros <> 0
                 ELSE (e.tenant_id, e.currency, e.amount_micros) <> (i.tenant_id, i.currency, i.settles_micros) END`,
  },
  {
    name: 'invoices-are-pushed-once',
    statement:
      'An invoice that Stripe collects has one push within a minute; what has nothing to collect has none.',
    sql: `
      SELECT i.id::text AS subject, i.tenant_id,
             format('expected %s of a %s of %s minor units, found %s', CASE WHEN i.is_collected THEN 'one push' ELSE 'no push' END,
                    i.document, i.total_minor, i.pushes) AS detail
      FROM (SELECT *, document = 'stripe' AND total_minor > 0 AS is_collected,
                   (SELECT count(*) FROM stripe_pushes p WHERE p.invoice_id = invoices.id) AS pushes
            FROM invoices) i
      WHERE i.pushes > CASE WHEN i.is_collected THEN 1 ELSE 0 END
         OR (i.is_collected AND i.pushes = 0 AND i.state <> 'void'
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
