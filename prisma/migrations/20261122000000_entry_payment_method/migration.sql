-- How money came or went, of entries that stand for money; unknown for those from before this column
ALTER TABLE "ledger_entries" ADD COLUMN "payment_method" TEXT,
  ADD CONSTRAINT "ledger_entries_payment_method" CHECK (
    payment_method IS NULL
    OR (payment_method IN ('stripe', 'bank_transfer', 'card', 'cash', 'sippy', 'other')
        AND kind IN ('purchase', 'invoice_payment', 'purchase_refund', 'dispute')));
