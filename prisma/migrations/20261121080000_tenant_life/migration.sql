-- A message also waits for its tenant to be resumed, or for what it owes to be paid.
ALTER TABLE "messages" DROP CONSTRAINT "messages_hold_reason";
ALTER TABLE "messages" ADD CONSTRAINT "messages_hold_reason"
  CHECK (hold_reason IN ('credit', 'window', 'guard', 'rate', 'provider', 'suspended', 'unpaid'));

-- What a tenant owes is asked for at every hand-over of one whose unpaid billings have a policy.
CREATE INDEX "invoices_unpaid" ON "invoices"("tenant_id") WHERE ((total_minor > 0) AND (state = ANY (ARRAY['awaiting_approval'::text, 'issued'::text, 'payment_failed'::text, 'disputed'::text])));
