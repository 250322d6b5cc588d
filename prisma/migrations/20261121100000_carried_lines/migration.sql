-- What is too little to be asked for is a line of its own, and the next invoice takes it up again.
ALTER TABLE "invoice_lines"
  DROP CONSTRAINT "invoice_lines_kind",
  ADD CONSTRAINT "invoice_lines_kind" CHECK (kind IN ('usage', 'late_usage', 'covered_by_credit', 'charge', 'late_charge',
    'carried', 'credit', 'section'));
