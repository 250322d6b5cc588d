import { newId } from '../../src/ids/ids.ts';
import { type Books, lookedAt } from './correct-books.ts';
import { type Fault, slipInEntry } from './fault.ts';

export const periodFaults: readonly Fault[] = [
  {
    check: 'tenants-have-one-open-period',
    what: 'a tenant without an open period',
    async make({ corrupt, tenant }) {
      await corrupt('UPDATE billing_periods SET closed_at = $1 WHERE closed_at IS NULL', [lookedAt]);
      return tenant.id;
    },
  },
  {
    check: 'periods-tile',
    what: 'a gap between two periods',
    make: ({ corrupt }) =>
      corrupt(
        `UPDATE billing_periods SET starts_at = starts_at + interval '1 ms' WHERE closed_at IS NULL RETURNING id`,
      ),
  },
  {
    check: 'periods-tile',
    what: 'periods that overlap',
    make: ({ corrupt }) =>
      corrupt(
        `UPDATE billing_periods SET starts_at = starts_at - interval '1 ms' WHERE closed_at IS NULL RETURNING id`,
      ),
  },
  {
    check: 'ended-periods-are-closed',
    what: 'a period that ended sixteen minutes ago',
    make: ({ corrupt }) =>
      corrupt(
        `UPDATE billing_periods SET ends_at = $1::timestamptz - interval '16 minutes' WHERE closed_at IS NULL RETURNING id`,
        [lookedAt],
      ),
  },
  {
    check: 'ended-periods-are-closed',
    what: 'an open period of a tenant that was deleted sixteen minutes ago',
    async make({ corrupt, tenant }) {
      await corrupt("UPDATE tenants SET status = 'deleted'");
      await corrupt(
        `INSERT INTO tenant_events (id, tenant_id, kind, actor, occurred_at)
         VALUES ($1, $2, 'deleted', 'test', $3::timestamptz - interval '16 minutes')`,
        [newId(), tenant.id, lookedAt],
      );
      return corrupt('UPDATE billing_periods SET closed_by = closed_by WHERE closed_at IS NULL RETURNING id');
    },
  },
  {
    check: 'closed-periods-are-invoiced',
    what: 'a closed period whose usage was never billed',
    async make({ corrupt, invoiceId, period }) {
      await corrupt("UPDATE billing_periods SET collection = 'subscription_item'");
      await corrupt('UPDATE usage_rollups SET invoice_id = NULL');
      for (const table of ['invoice_lines', 'stripe_pushes']) await corrupt(`DELETE FROM ${table}`);
      await corrupt('DELETE FROM invoices WHERE id = $1', [invoiceId]);
      await corrupt(
        "UPDATE ledger_entries SET kind = 'bonus', payment_method = NULL, reference = NULL WHERE kind = 'invoice_payment'",
      );
      return period.id;
    },
  },
];

/** A section that comes to nothing, of the open period; returns its id. */
async function slipInSection({ corrupt, tenant }: Books): Promise<string> {
  const id = newId();
  await corrupt('UPDATE billing_periods SET payer_tenant_id = tenant_id WHERE closed_at IS NULL');
  await corrupt(
    `INSERT INTO invoices (id, tenant_id, period_id, kind, document, state, currency, usage_micros, settles_micros,
                           total_minor, gross_minor, issued_at)
     SELECT $1, $2, id, 'usage', 'section', 'issued', 'CZK', 0, 0, 0, 0, starts_at
     FROM billing_periods WHERE closed_at IS NULL`,
    [id, tenant.id],
  );
  return id;
}

export const invoiceFaults: readonly Fault[] = [
  {
    check: 'invoices-bill-their-roll-ups',
    what: 'a roll-up that is missing on its invoice',
    async make({ corrupt, invoiceId }) {
      await corrupt('UPDATE usage_rollups SET invoice_id = NULL');
      return invoiceId;
    },
  },
  {
    check: 'invoices-bill-their-roll-ups',
    what: 'a charge that no roll-up stands for',
    async make({ corrupt, invoiceId }) {
      await corrupt("UPDATE invoice_lines SET kind = 'charge' WHERE kind = 'covered_by_credit'");
      return invoiceId;
    },
  },
  {
    check: 'invoices-bill-their-roll-ups',
    what: 'a roll-up that a void invoice keeps',
    async make({ corrupt, invoiceId }) {
      await corrupt("UPDATE invoices SET state = 'void', voided_at = issued_at, paid_at = NULL");
      await corrupt(
        "UPDATE ledger_entries SET kind = 'bonus', payment_method = NULL, reference = NULL WHERE kind = 'invoice_payment'",
      );
      return invoiceId;
    },
  },
  {
    check: 'invoices-bill-their-roll-ups',
    what: 'a usage line of another amount than the roll-ups',
    async make({ corrupt, invoiceId }) {
      await corrupt("UPDATE invoice_lines SET amount_micros = amount_micros + 1 WHERE kind = 'usage'");
      await corrupt(
        "UPDATE invoice_lines SET amount_micros = amount_micros - 1 WHERE kind = 'covered_by_credit'",
      );
      return invoiceId;
    },
  },
  {
    check: 'invoice-totals-add-up',
    what: 'credit that covered more than the invoice says',
    async make({ corrupt, invoiceId }) {
      await corrupt(
        "UPDATE invoice_lines SET amount_micros = amount_micros - 1 WHERE kind = 'covered_by_credit'",
      );
      return invoiceId;
    },
  },
  {
    check: 'invoice-totals-add-up',
    what: 'a total that is a heller too high',
    async make({ corrupt, invoiceId }) {
      await corrupt('UPDATE invoices SET total_minor = total_minor + 1, gross_minor = gross_minor + 1');
      return invoiceId;
    },
  },
  {
    check: 'payments-settle-invoices-once',
    what: 'a paid invoice without its payment',
    async make({ corrupt, invoiceId }) {
      await corrupt(
        "UPDATE ledger_entries SET kind = 'bonus', payment_method = NULL WHERE kind = 'invoice_payment'",
      );
      return invoiceId;
    },
  },
  {
    check: 'payments-settle-invoices-once',
    what: 'a payment of an invoice that is not paid',
    async make({ corrupt, invoiceId }) {
      await corrupt("UPDATE invoices SET state = 'payment_failed', paid_at = NULL");
      return invoiceId;
    },
  },
  {
    check: 'payments-settle-invoices-once',
    what: 'a payment of another amount than the invoice settles',
    async make(books) {
      const { corrupt, invoiceId } = books;
      await corrupt(
        "UPDATE ledger_entries SET kind = 'bonus', payment_method = NULL, reference = NULL WHERE kind = 'invoice_payment'",
      );
      await slipInEntry(books, {
        kind: 'invoice_payment',
        amountMicros: 1n,
        reference: `invoice ${invoiceId}`,
      });
      return invoiceId;
    },
  },
  {
    check: 'payments-settle-invoices-once',
    what: 'a payment of an invoice that does not exist',
    async make(books) {
      const id = newId();
      await slipInEntry(books, { kind: 'invoice_payment', amountMicros: 1n, reference: `invoice ${id}` });
      return id;
    },
  },
  {
    check: 'payments-settle-invoices-once',
    what: 'a dispute that took back more than was paid',
    async make(books) {
      const { invoiceId } = books;
      await slipInEntry(books, {
        kind: 'dispute',
        amountMicros: -1n,
        reference: `invoice ${invoiceId} reopened by dp_1`,
      });
      return invoiceId;
    },
  },
  {
    check: 'payments-settle-invoices-once',
    what: 'a second payment that nobody counted',
    async make(books) {
      const { corrupt, invoiceId } = books;
      await corrupt('UPDATE invoices SET payment_count = 0');
      return invoiceId;
    },
  },
  {
    check: 'credit-notes-are-booked-once',
    what: 'credit that no credit note gave',
    async make({ corrupt, invoiceId }) {
      await corrupt('UPDATE invoices SET credited_micros = 1');
      return invoiceId;
    },
  },
  {
    check: 'credit-notes-are-booked-once',
    what: 'an entry of a credit note that the invoice does not know of',
    async make(books) {
      const { invoiceId } = books;
      const reference = `invoice ${invoiceId} credited by ${newId()}`;
      await slipInEntry(books, { kind: 'adjustment', amountMicros: 1n, reference });
      return invoiceId;
    },
  },
  {
    check: 'tax-is-of-the-total',
    what: 'tax that is a heller too high',
    async make(books) {
      const { corrupt, invoiceId } = books;
      await corrupt('DELETE FROM stripe_pushes');
      await corrupt(
        `UPDATE invoices SET document = 'ours', series = 'INV', number = 'INV2026000001', vat_treatment = 'standard',
           vat_rate_bps = 2100, vat_minor = 43, gross_minor = total_minor + 43`,
      );
      await corrupt("INSERT INTO number_series (series, year, next_number) VALUES ('INV', 2026, 2)");
      return invoiceId;
    },
  },
  {
    check: 'numbers-have-no-gap',
    what: 'a number that no document has',
    async make({ corrupt }) {
      await corrupt("UPDATE invoices SET series = 'ST', number = 'ST2026000002'");
      await corrupt("INSERT INTO number_series (series, year, next_number) VALUES ('ST', 2026, 3)");
      return 'ST 2026';
    },
  },
  {
    check: 'numbers-have-no-gap',
    what: 'a number that nobody took',
    async make({ corrupt }) {
      await corrupt("UPDATE invoices SET series = 'ST', number = 'ST2026000001'");
      return 'ST 2026';
    },
  },
  {
    check: 'sections-follow-their-payer',
    what: 'an unpaid section on a paid invoice',
    async make(books) {
      const section = await slipInSection(books);
      await books.corrupt('UPDATE invoices SET payer_invoice_id = $1 WHERE id = $2', [
        books.invoiceId,
        section,
      ]);
      return section;
    },
  },
  {
    check: 'sections-follow-their-payer',
    what: 'a section that waits although an invoice has its lines',
    async make(books) {
      const section = await slipInSection(books);
      await books.corrupt(
        `INSERT INTO invoice_lines (invoice_id, position, kind, section_invoice_id, meter, country, unit_price_micros, quantity,
           amount_micros, description) VALUES ($1, 9, 'section', $2, '', '', 0, 1, 0, 'another tenant')`,
        [books.invoiceId, section],
      );
      return section;
    },
  },
  {
    check: 'days-of-fees-count-once',
    what: 'a day that is charged for two plans',
    async make({ corrupt, tenant }) {
      for (const plan of ['pro', 'free'])
        await corrupt(
          `INSERT INTO usage_events (id, tenant_id, meter, source_id, quantity, currency, unit_price_micros, amount_micros,
                                     occurred_at, recorded_at)
           VALUES ($1, $2, $3, '2026-04-01', 1, 'CZK', 0, 0, $4, $4)`,
          [newId(), tenant.id, `plan:${plan}`, lookedAt],
        );
      return `${tenant.id} plan 2026-04-01`;
    },
  },
  {
    check: 'invoices-are-pushed-once',
    what: 'an invoice that never went to Stripe',
    async make({ corrupt, invoiceId }) {
      await corrupt('DELETE FROM stripe_pushes');
      return invoiceId;
    },
  },
  {
    check: 'invoices-are-pushed-once',
    what: 'an invoice that went to Stripe twice',
    async make({ corrupt, alter, invoiceId }) {
      await alter('DROP INDEX stripe_pushes_invoice_id_kind_part_key');
      await corrupt(
        `INSERT INTO stripe_pushes (id, tenant_id, invoice_id, kind, params, idempotency_key, state, first_sent_at)
         SELECT $1::uuid, tenant_id, invoice_id, kind, params, $1, 'sent', first_sent_at FROM stripe_pushes`,
        [newId()],
      );
      return invoiceId;
    },
  },
  {
    check: 'confirmed-pushes-have-a-stripe-id',
    what: 'a confirmed push without its object',
    async make({ corrupt, alter }) {
      await alter('ALTER TABLE stripe_pushes DROP CONSTRAINT stripe_pushes_confirmed');
      return corrupt('UPDATE stripe_pushes SET stripe_id = NULL RETURNING id');
    },
  },
];
