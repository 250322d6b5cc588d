import { newId } from '../../src/ids/ids.ts';
import { type Books, lookedAt } from './correct-books.ts';
import { type Fault, slipInEntry } from './fault.ts';

type Slipped = { topUpId: string; documentId: string };

/** A top-up of 100.00 with 21.00 of VAT, credited, with its document; all in order. */
async function slipInTopUp(books: Books): Promise<Slipped> {
  const { corrupt, tenant } = books;
  const [topUpId, documentId] = [newId(), newId()];
  await corrupt(
    `INSERT INTO top_ups (id, tenant_id, currency, kind, state, net_minor, vat_minor, gross_minor, prepaid_tax, params,
                          idempotency_key, created_at, created_by, paid_at)
     VALUES ($1, $2, 'CZK', 'checkout', 'paid', 10000, 2100, 12100, 'at_top_up', '{}', $3, $4, 'test', $4)`,
    [topUpId, tenant.id, topUpId, lookedAt],
  );
  await slipInEntry(books, { kind: 'purchase', amountMicros: 100_000_000n, reference: 'checkout cs_1' });
  await corrupt(
    `INSERT INTO invoices (id, tenant_id, top_up_id, kind, document, state, currency, usage_micros, settles_micros, total_minor,
                           vat_treatment, vat_rate_bps, vat_minor, gross_minor, paid_minor, series, number, issued_at, paid_at)
     VALUES ($1, $2, $3, 'top_up', 'ours', 'paid', 'CZK', 0, 0, 10000, 'standard', 2100, 2100, 12100, 12100, 'TD',
             'TD2026000001', $4, $4)`,
    [documentId, tenant.id, topUpId, lookedAt],
  );
  await corrupt("INSERT INTO number_series (series, year, next_number) VALUES ('TD', 2026, 2)");
  await corrupt(
    `INSERT INTO invoice_lines (invoice_id, position, kind, meter, country, unit_price_micros, quantity, amount_micros, description)
     VALUES ($1, 1, 'top_up', '', '', 100000000, 1, 100000000, 'SMS credit')`,
    [documentId],
  );
  await corrupt(
    `INSERT INTO invoice_payments (id, invoice_id, tenant_id, amount_minor, method, reference, received_on, recorded_at, recorded_by)
     VALUES ($1, $2, $3, 12100, 'stripe', 'checkout cs_1', ($4::timestamptz)::date, $4::timestamptz, 'test')`,
    [newId(), documentId, tenant.id, lookedAt],
  );
  return { topUpId, documentId };
}

/** Makes the bill that of a prepaid tenant who used 3.00 with 0.52 of VAT in it. */
async function slipInTaxedUse({ corrupt }: Books): Promise<void> {
  await corrupt("UPDATE billing_periods SET payment_terms = 'prepaid'");
  await corrupt(
    `UPDATE invoices SET taxed_use_micros = 3000000, taxed_use_vat_minor = 52, vat_treatment = 'standard', vat_rate_bps = 2100`,
  );
}

export const prepaidTaxFaults: readonly Fault[] = [
  {
    check: 'top-ups-have-one-document',
    what: 'a top-up with VAT that has no document',
    async make(books) {
      const { topUpId } = await slipInTopUp(books);
      for (const table of ['invoice_payments', 'number_series']) await books.corrupt(`DELETE FROM ${table}`);
      await books.corrupt("DELETE FROM invoice_lines WHERE kind = 'top_up'");
      await books.corrupt('DELETE FROM invoices WHERE top_up_id = $1', [topUpId]);
      return topUpId;
    },
  },
  {
    check: 'top-ups-have-one-document',
    what: 'a document with less VAT than was paid',
    async make(books) {
      const { topUpId } = await slipInTopUp(books);
      await books.corrupt('UPDATE top_ups SET vat_minor = 2200, gross_minor = 12200');
      return topUpId;
    },
  },
  {
    check: 'top-ups-have-one-document',
    what: 'a document of a top-up that is taxed at its use',
    async make(books) {
      const { topUpId } = await slipInTopUp(books);
      await books.corrupt("UPDATE top_ups SET prepaid_tax = 'at_use'");
      return topUpId;
    },
  },
  {
    check: 'purchase-documents-follow-the-money',
    what: 'a document whose credit was never given',
    async make(books) {
      const { documentId } = await slipInTopUp(books);
      await books.corrupt(
        "UPDATE ledger_entries SET kind = 'bonus', payment_method = NULL WHERE reference = 'checkout cs_1'",
      );
      return documentId;
    },
  },
  {
    check: 'purchase-documents-follow-the-money',
    what: 'a document without its payment',
    async make(books) {
      const { documentId } = await slipInTopUp(books);
      await books.corrupt('DELETE FROM invoice_payments');
      return documentId;
    },
  },
  {
    check: 'used-credit-contains-its-tax',
    what: 'VAT in used credit that is a heller too high',
    async make(books) {
      await slipInTaxedUse(books);
      await books.corrupt('UPDATE invoices SET taxed_use_vat_minor = 53');
      return books.invoiceId;
    },
  },
  {
    check: 'used-credit-contains-its-tax',
    what: 'VAT in what a postpaid tenant used',
    async make(books) {
      await slipInTaxedUse(books);
      await books.corrupt("UPDATE billing_periods SET payment_terms = 'postpaid'");
      return books.invoiceId;
    },
  },
];
