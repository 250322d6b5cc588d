-- AlterTable
ALTER TABLE "sms_settings" ADD COLUMN "allowed_countries" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "rate_per_second" INTEGER,
ADD COLUMN "quiet_from" TEXT,
ADD COLUMN "quiet_until" TEXT,
ADD COLUMN "limit_unit" TEXT NOT NULL DEFAULT 'segments',
ADD COLUMN "on_limit_reached" TEXT NOT NULL DEFAULT 'reject',
ADD COLUMN "minute_limit" BIGINT,
ADD COLUMN "day_limit" BIGINT,
ADD COLUMN "month_limit" BIGINT,
ADD COLUMN "recipient_day_limit" BIGINT,
ADD COLUMN "country_day_limits" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "sms_settings_changes" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "changed_by" TEXT NOT NULL,
    "change" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sms_settings_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guard_counters" (
    "tenant_id" UUID NOT NULL,
    "guard" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "window_label" TEXT NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "segments" BIGINT NOT NULL,
    "amount_micros" BIGINT NOT NULL,

    CONSTRAINT "guard_counters_pkey" PRIMARY KEY ("tenant_id","guard","subject","window_label")
);

-- CreateTable
CREATE TABLE "limit_crossings" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "guard" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "window_label" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "unit" TEXT NOT NULL,
    "limit_value" BIGINT NOT NULL,
    "crossed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "limit_crossings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "send_paces" (
    "tenant_id" UUID NOT NULL,
    "next_slot_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "send_paces_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "inbound_sms" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "inbox_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "sender" TEXT NOT NULL,
    "recipient" TEXT,
    "body_encrypted" BYTEA NOT NULL,
    "message_id" UUID,
    "is_stop_word" BOOLEAN NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inbound_sms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tenant_numbers" (
    "number" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_numbers_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "blocked_numbers" (
    "recipient" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "blocked_numbers_pkey" PRIMARY KEY ("recipient")
);

-- CreateTable
CREATE TABLE "provider_block_entries" (
    "provider" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "wish" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "wake_at" TIMESTAMPTZ(3),
    "wake_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "provider_block_entries_pkey" PRIMARY KEY ("provider","recipient")
);

-- CreateIndex
CREATE INDEX "sms_settings_changes_tenant_id_changed_at_idx" ON "sms_settings_changes"("tenant_id", "changed_at" DESC);

-- CreateIndex
CREATE INDEX "guard_counters_ends_at_idx" ON "guard_counters"("ends_at");

-- CreateIndex
CREATE INDEX "limit_crossings_tenant_id_crossed_at_idx" ON "limit_crossings"("tenant_id", "crossed_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "limit_crossings_once" ON "limit_crossings"("tenant_id", "guard", "subject", "window_label", "line", "unit", "limit_value");

-- CreateIndex
CREATE INDEX "inbound_sms_tenant_id_received_at_id_idx" ON "inbound_sms"("tenant_id", "received_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "inbound_sms_inbox_id_position_key" ON "inbound_sms"("inbox_id", "position");

-- CreateIndex
CREATE INDEX "tenant_numbers_tenant_id_idx" ON "tenant_numbers"("tenant_id");

-- CreateIndex
CREATE INDEX "provider_block_entries_due" ON "provider_block_entries"("wake_at") WHERE (wake_at IS NOT NULL);


-- Limits are positive, quiet hours have two ends.
ALTER TABLE "sms_settings"
  ADD CONSTRAINT "sms_settings_limit_unit" CHECK (limit_unit IN ('segments', 'money')),
  ADD CONSTRAINT "sms_settings_on_limit_reached" CHECK (on_limit_reached IN ('reject', 'hold')),
  ADD CONSTRAINT "sms_settings_limits" CHECK (minute_limit > 0 AND day_limit > 0 AND month_limit > 0
    AND recipient_day_limit > 0 AND rate_per_second BETWEEN 1 AND 1000),
  ADD CONSTRAINT "sms_settings_country_day_limits" CHECK (jsonb_typeof(country_day_limits) = 'object'),
  ADD CONSTRAINT "sms_settings_allowed_countries" CHECK (allowed_countries IS NOT NULL
    AND array_position(allowed_countries, NULL) IS NULL),
  ADD CONSTRAINT "sms_settings_quiet_hours" CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)
    AND quiet_from <> quiet_until AND quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
    AND quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$');
ALTER TABLE "guard_counters"
  ADD CONSTRAINT "guard_counters_guard" CHECK (guard IN ('minute', 'day', 'month', 'country_day', 'recipient_day')),
  ADD CONSTRAINT "guard_counters_counts" CHECK (segments >= 0 AND amount_micros >= 0);
ALTER TABLE "limit_crossings"
  ADD CONSTRAINT "limit_crossings_line" CHECK (line IN (80, 100)),
  ADD CONSTRAINT "limit_crossings_unit" CHECK (unit IN ('segments', 'money'));
ALTER TABLE "inbound_sms" ADD CONSTRAINT "inbound_sms_sender" CHECK (sender ~ '^\+[1-9][0-9]{6,14}$');
ALTER TABLE "tenant_numbers" ADD CONSTRAINT "tenant_numbers_number" CHECK (number ~ '^\+[1-9][0-9]{2,14}$');
ALTER TABLE "blocked_numbers"
  ADD CONSTRAINT "blocked_numbers_recipient" CHECK (recipient ~ '^\+[1-9][0-9]{6,14}$');
ALTER TABLE "provider_block_entries"
  ADD CONSTRAINT "provider_block_entries_wish" CHECK (wish IN ('add', 'remove')),
  ADD CONSTRAINT "provider_block_entries_told" CHECK ((told_at IS NULL) = (wake_at IS NOT NULL));

-- A message waits for its tenant's rate, too.
ALTER TABLE "messages" DROP CONSTRAINT "messages_hold_reason";
ALTER TABLE "messages" ADD CONSTRAINT "messages_hold_reason"
  CHECK (hold_reason IN ('credit', 'window', 'guard', 'rate', 'provider'));

-- Row-level security, as for the tables of the ground floor
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['sms_settings_changes', 'guard_counters', 'limit_crossings', 'send_paces',
      'inbound_sms', 'tenant_numbers'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('CREATE POLICY app ON %I TO tollgate_app USING (true) WITH CHECK (true)', table_name);
    EXECUTE format('CREATE POLICY tenant ON %I FOR SELECT TO tollgate_tenant USING (tenant_id = current_tenant_id())',
      table_name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON "sms_settings_changes", "guard_counters", "limit_crossings", "send_paces",
  "inbound_sms", "tenant_numbers", "blocked_numbers", "provider_block_entries" TO tollgate_app;
REVOKE UPDATE, DELETE ON "sms_settings_changes" FROM tollgate_app;
GRANT SELECT ON "sms_settings_changes", "guard_counters", "limit_crossings", "inbound_sms", "tenant_numbers"
  TO tollgate_tenant;
