-- What somebody still has to pay is looked at every minute: by this for what could not be collected.
CREATE INDEX "invoices_payment_failed" ON "invoices"("tenant_id") WHERE (state = 'payment_failed'::text);
