-- AlterTable
ALTER TABLE "provider_status" ADD COLUMN "check_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "resumed_at" TIMESTAMPTZ(3),
ADD COLUMN "resumed_by" TEXT;

-- CreateTable
CREATE TABLE "opt_outs" (
    "tenant_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "opt_outs_pkey" PRIMARY KEY ("tenant_id","recipient")
);

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entries_one_reversal_per_message" ON "ledger_entries"("message_id") WHERE (kind = 'refund_reversal'::text);

-- CreateIndex
CREATE INDEX "messages_held" ON "messages"("hold_reason", "tenant_id") WHERE (hold_reason IS NOT NULL);


-- A refunded message that was delivered after all is charged again, once, by an entry of its own.
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_kind", DROP CONSTRAINT "ledger_entries_message";
ALTER TABLE "ledger_entries"
  ADD CONSTRAINT "ledger_entries_kind" CHECK (kind IN ('purchase', 'sms_send', 'refund', 'refund_reversal',
    'purchase_refund', 'adjustment', 'bonus', 'invoice_payment', 'dispute')),
  ADD CONSTRAINT "ledger_entries_message" CHECK (kind NOT IN ('sms_send', 'refund', 'refund_reversal')
    OR message_id IS NOT NULL);

ALTER TABLE "opt_outs"
  ADD CONSTRAINT "opt_outs_recipient" CHECK (recipient ~ '^\+[1-9][0-9]{6,14}$'),
  ADD CONSTRAINT "opt_outs_source" CHECK (source IN ('reply', 'operator', 'tenant'));
ALTER TABLE "opt_outs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON "opt_outs" TO tollgate_app USING (true) WITH CHECK (true);
CREATE POLICY tenant ON "opt_outs" FOR SELECT TO tollgate_tenant USING (tenant_id = current_tenant_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "opt_outs" TO tollgate_app;
GRANT SELECT ON "opt_outs" TO tollgate_tenant;
