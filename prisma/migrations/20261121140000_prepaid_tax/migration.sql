-- When VAT on a top-up is due, frozen with what Stripe is asked for. What was paid before has no document.
ALTER TABLE "top_ups" ADD COLUMN     "prepaid_tax" TEXT;
UPDATE "top_ups" SET prepaid_tax = coalesce((SELECT d.prepaid_tax FROM billing_defaults d WHERE d.id = 1), 'at_use')
WHERE first_sent_at IS NOT NULL AND state IN ('created', 'pending', 'needs_human');
ALTER TABLE "top_ups" ADD CONSTRAINT "top_ups_prepaid_tax" CHECK (prepaid_tax IN ('at_top_up', 'at_use'));

-- Credit that was used with VAT in it: what the statement of a prepaid tenant is the tax document of.
ALTER TABLE "invoices" ADD COLUMN     "taxed_use_micros" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "taxed_use_vat_minor" BIGINT NOT NULL DEFAULT 0,
ADD CONSTRAINT "invoices_taxed_use" CHECK (kind = 'usage' OR (taxed_use_micros = 0 AND taxed_use_vat_minor = 0));

ALTER TABLE "invoice_lines"
  DROP CONSTRAINT "invoice_lines_kind",
  ADD CONSTRAINT "invoice_lines_kind" CHECK (kind IN ('usage', 'late_usage', 'covered_by_credit', 'charge', 'late_charge',
    'carried', 'credit', 'section', 'top_up'));
ALTER TABLE "invoice_payments"
  DROP CONSTRAINT "invoice_payments_method",
  ADD CONSTRAINT "invoice_payments_method" CHECK (method IN ('bank_transfer', 'cash', 'sippy', 'stripe', 'other'));

CREATE OR REPLACE FUNCTION refuse_invoice_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.tenant_id, NEW.period_id, NEW.kind, NEW.currency, NEW.usage_micros, NEW.charges_micros, NEW.settles_micros,
         NEW.total_minor, NEW.credits_invoice_id, NEW.top_up_id)
        IS DISTINCT FROM
        (OLD.tenant_id, OLD.period_id, OLD.kind, OLD.currency, OLD.usage_micros, OLD.charges_micros, OLD.settles_micros,
         OLD.total_minor, OLD.credits_invoice_id, OLD.top_up_id)
     OR (OLD.number IS NOT NULL AND (NEW.number, NEW.series, NEW.parties, NEW.issued_at, NEW.due_on, NEW.vat_treatment,
           NEW.vat_rate_bps, NEW.vat_minor, NEW.taxed_use_micros, NEW.taxed_use_vat_minor) IS DISTINCT FROM
         (OLD.number, OLD.series, OLD.parties, OLD.issued_at, OLD.due_on, OLD.vat_treatment, OLD.vat_rate_bps,
           OLD.vat_minor, OLD.taxed_use_micros, OLD.taxed_use_vat_minor))
     OR (OLD.state = 'void' AND NEW.state <> 'void') THEN
    RAISE EXCEPTION 'invoice % is immutable', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
