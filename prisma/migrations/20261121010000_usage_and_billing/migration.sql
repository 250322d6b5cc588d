-- CreateTable
CREATE TABLE "billing_settings" (
    "tenant_id" UUID NOT NULL,
    "cadence" TEXT NOT NULL DEFAULT 'monthly',
    "collection" TEXT NOT NULL DEFAULT 'none',
    "notifications" BOOLEAN NOT NULL DEFAULT true,
    "email" TEXT,
    "stripe_customer_id" TEXT,
    "stripe_subscription_id" TEXT,

    CONSTRAINT "billing_settings_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "billing_periods" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "cadence" TEXT NOT NULL,
    "payment_terms" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "collection" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "billing_periods_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoices" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "period_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "usage_micros" BIGINT NOT NULL,
    "settles_micros" BIGINT NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "stripe_invoice_id" TEXT,
    "stripe_invoice_number" TEXT,
    "stripe_invoice_url" TEXT,
    "wake_at" TIMESTAMPTZ(3),
    "wake_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_lines" (
    "invoice_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "country" VARCHAR(2) NOT NULL,
    "unit_price_micros" BIGINT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "invoice_lines_pkey" PRIMARY KEY ("invoice_id","position")
);

-- CreateTable
CREATE TABLE "stripe_pushes" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "idempotency_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "first_sent_at" TIMESTAMPTZ(3) NOT NULL,
    "stripe_id" TEXT,
    "last_error" TEXT,

    CONSTRAINT "stripe_pushes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "billing_runs" (
    "id" UUID NOT NULL,
    "trigger" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "looked_at" INTEGER NOT NULL DEFAULT 0,
    "billed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "billing_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "wake_at" TIMESTAMPTZ(3),
    "wake_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_events" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "meter" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "unit_price_micros" BIGINT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "country" VARCHAR(2) NOT NULL DEFAULT '',
    "campaign" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "rollup_id" UUID,

    CONSTRAINT "usage_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_rollups" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "meter" TEXT NOT NULL,
    "country" VARCHAR(2) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "unit_price_micros" BIGINT NOT NULL,
    "event_count" BIGINT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "invoice_id" UUID,

    CONSTRAINT "usage_rollups_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "billing_periods_due" ON "billing_periods"("ends_at") WHERE (closed_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "billing_periods_tenant_id_starts_at_key" ON "billing_periods"("tenant_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "billing_periods_one_open" ON "billing_periods"("tenant_id") WHERE (closed_at IS NULL);

-- CreateIndex
CREATE INDEX "invoices_tenant_id_issued_at_idx" ON "invoices"("tenant_id", "issued_at" DESC);

-- CreateIndex
CREATE INDEX "invoices_due" ON "invoices"("wake_at") WHERE (wake_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "invoices_one_per_period" ON "invoices"("period_id", "kind") WHERE (state <> 'void'::text);

-- CreateIndex
CREATE UNIQUE INDEX "stripe_pushes_idempotency_key_key" ON "stripe_pushes"("idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_pushes_stripe_id_key" ON "stripe_pushes"("stripe_id");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_pushes_invoice_id_kind_key" ON "stripe_pushes"("invoice_id", "kind");

-- CreateIndex
CREATE INDEX "billing_runs_started_at_idx" ON "billing_runs"("started_at" DESC);

-- CreateIndex
CREATE INDEX "notifications_due" ON "notifications"("wake_at") WHERE (wake_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "notifications_kind_subject_id_key" ON "notifications"("kind", "subject_id");

-- CreateIndex
CREATE INDEX "usage_events_unrolled" ON "usage_events"("tenant_id", "occurred_at") WHERE (rollup_id IS NULL);

-- CreateIndex
CREATE INDEX "usage_events_tenant_id_occurred_at_idx" ON "usage_events"("tenant_id", "occurred_at");

-- CreateIndex
CREATE INDEX "usage_events_rollup_id_idx" ON "usage_events"("rollup_id");

-- CreateIndex
CREATE UNIQUE INDEX "usage_events_tenant_id_meter_source_id_key" ON "usage_events"("tenant_id", "meter", "source_id");

-- CreateIndex
CREATE INDEX "usage_rollups_tenant_id_day_idx" ON "usage_rollups"("tenant_id", "day");

-- CreateIndex
CREATE INDEX "usage_rollups_invoice_id_idx" ON "usage_rollups"("invoice_id");

-- CreateIndex
CREATE UNIQUE INDEX "usage_rollups_open" ON "usage_rollups"("tenant_id", "day", "meter", "country", "currency", "unit_price_micros") WHERE (invoice_id IS NULL);

-- AddForeignKey
ALTER TABLE "billing_settings" ADD CONSTRAINT "billing_settings_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_period_id_fkey" FOREIGN KEY ("period_id") REFERENCES "billing_periods"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_pushes" ADD CONSTRAINT "stripe_pushes_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_rollup_id_fkey" FOREIGN KEY ("rollup_id") REFERENCES "usage_rollups"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_rollups" ADD CONSTRAINT "usage_rollups_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Checks
ALTER TABLE "usage_rollups"
  ADD CONSTRAINT "usage_rollups_event_count" CHECK (event_count > 0);
ALTER TABLE "billing_settings"
  ADD CONSTRAINT "billing_settings_cadence" CHECK (cadence IN ('daily', 'weekly', 'monthly')),
  ADD CONSTRAINT "billing_settings_collection" CHECK (collection IN ('none', 'subscription_item')),
  ADD CONSTRAINT "billing_settings_stripe" CHECK (collection <> 'subscription_item'
    OR (stripe_customer_id IS NOT NULL AND stripe_subscription_id IS NOT NULL));
ALTER TABLE "billing_periods"
  ADD CONSTRAINT "billing_periods_span" CHECK (ends_at > starts_at),
  ADD CONSTRAINT "billing_periods_cadence" CHECK (cadence IN ('daily', 'weekly', 'monthly')),
  ADD CONSTRAINT "billing_periods_payment_terms" CHECK (payment_terms IN ('prepaid', 'postpaid')),
  ADD CONSTRAINT "billing_periods_collection" CHECK (collection IN ('none', 'subscription_item'));
ALTER TABLE "invoices"
  ADD CONSTRAINT "invoices_kind" CHECK (kind IN ('usage')),
  ADD CONSTRAINT "invoices_document" CHECK (document IN ('statement', 'stripe')),
  ADD CONSTRAINT "invoices_state" CHECK (state IN ('issued', 'paid', 'payment_failed', 'void')),
  ADD CONSTRAINT "invoices_settles" CHECK (settles_micros >= 0 AND (document <> 'statement' OR settles_micros = 0)),
  ADD CONSTRAINT "invoices_paid" CHECK ((state = 'paid') = (paid_at IS NOT NULL));
ALTER TABLE "invoice_lines"
  ADD CONSTRAINT "invoice_lines_kind" CHECK (kind IN ('usage', 'late_usage', 'covered_by_credit'));
ALTER TABLE "stripe_pushes"
  ADD CONSTRAINT "stripe_pushes_kind" CHECK (kind IN ('invoice_item')),
  ADD CONSTRAINT "stripe_pushes_state" CHECK (state IN ('sent', 'confirmed', 'rejected', 'needs_human')),
  ADD CONSTRAINT "stripe_pushes_confirmed" CHECK (state <> 'confirmed' OR stripe_id IS NOT NULL);

-- Usage is never edited: all that changes is which roll-up counts it, and that once.
CREATE FUNCTION refuse_usage_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.rollup_id IS NOT NULL
     OR to_jsonb(NEW) - 'rollup_id' <> to_jsonb(OLD) - 'rollup_id' THEN
    RAISE EXCEPTION 'usage_events is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER usage_events_append_only BEFORE UPDATE OR DELETE ON "usage_events"
  FOR EACH ROW EXECUTE FUNCTION refuse_usage_change();
CREATE TRIGGER invoice_lines_append_only BEFORE UPDATE OR DELETE ON "invoice_lines"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Row-level security, as for the tables of the ground floor
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['usage_events', 'usage_rollups', 'billing_settings', 'billing_periods',
      'invoices', 'stripe_pushes', 'notifications'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('CREATE POLICY app ON %I TO tollgate_app USING (true) WITH CHECK (true)', table_name);
    EXECUTE format('CREATE POLICY tenant ON %I FOR SELECT TO tollgate_tenant USING (tenant_id = current_tenant_id())',
      table_name);
  END LOOP;
END $$;
ALTER TABLE "invoice_lines" ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON "invoice_lines" TO tollgate_app USING (true) WITH CHECK (true);
CREATE POLICY tenant ON "invoice_lines" FOR SELECT TO tollgate_tenant
  USING (EXISTS (SELECT 1 FROM invoices i WHERE i.id = invoice_id AND i.tenant_id = current_tenant_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON "usage_events", "usage_rollups", "billing_settings", "billing_periods", "invoices",
  "invoice_lines", "stripe_pushes", "billing_runs", "notifications" TO tollgate_app;
GRANT SELECT ON "usage_events", "usage_rollups", "billing_settings", "billing_periods", "invoices",
  "invoice_lines", "stripe_pushes", "notifications" TO tollgate_tenant;

-- Tenants that were there before billing was: an open period from this month on.
INSERT INTO "billing_settings" (tenant_id) SELECT id FROM "tenants";
INSERT INTO "billing_periods" (id, tenant_id, starts_at, ends_at, time_zone, cadence, payment_terms, currency, collection)
  SELECT gen_random_uuid(), id, date_trunc('month', now() AT TIME ZONE time_zone) AT TIME ZONE time_zone,
         (date_trunc('month', now() AT TIME ZONE time_zone) + interval '1 month') AT TIME ZONE time_zone,
         time_zone, 'monthly', payment_terms, currency, 'none'
  FROM "tenants";
