import { newId } from '../../src/ids/ids.ts';
import { lookedAt } from './correct-books.ts';
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
    check: 'closed-periods-are-invoiced',
    what: 'a closed period whose usage was never billed',
    async make({ corrupt, invoiceId, period }) {
      await corrupt("UPDATE billing_periods SET collection = 'subscription_item'");
      await corrupt('UPDATE usage_rollups SET invoice_id = NULL');
      for (const table of ['invoice_lines', 'stripe_pushes']) await corrupt(`DELETE FROM ${table}`);
      await corrupt('DELETE FROM invoices WHERE id = $1', [invoiceId]);
      await corrupt(
        "UPDATE ledger_entries SET kind = 'bonus', reference = NULL WHERE kind = 'invoice_payment'",
      );
      return period.id;
    },
  },
];

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
    what: 'a roll-up that a void invoice keeps',
    async make({ corrupt, invoiceId }) {
      await corrupt("UPDATE invoices SET state = 'void', paid_at = NULL");
      await corrupt(
        "UPDATE ledger_entries SET kind = 'bonus', reference = NULL WHERE kind = 'invoice_payment'",
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
      await corrupt('UPDATE invoices SET total_minor = total_minor + 1');
      return invoiceId;
    },
  },
  {
    check: 'payments-settle-invoices-once',
    what: 'a paid invoice without its payment',
    async make({ corrupt, invoiceId }) {
      await corrupt("UPDATE ledger_entries SET kind = 'bonus' WHERE kind = 'invoice_payment'");
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
        "UPDATE ledger_entries SET kind = 'bonus', reference = NULL WHERE kind = 'invoice_payment'",
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
      const reference = `invoice ${newId()}`;
      await slipInEntry(books, { kind: 'invoice_payment', amountMicros: 1n, reference });
      return reference;
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
      await alter('DROP INDEX stripe_pushes_invoice_id_kind_key');
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
