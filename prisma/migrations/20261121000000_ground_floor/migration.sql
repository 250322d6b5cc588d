-- CreateTable
CREATE TABLE "accounts" (
    "tenant_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "balance_micros" BIGINT NOT NULL DEFAULT 0,
    "reserved_micros" BIGINT NOT NULL DEFAULT 0,
    "credit_limit_micros" BIGINT NOT NULL DEFAULT 0,
    "entry_count" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("tenant_id","currency")
);

-- CreateTable
CREATE TABLE "credit_reservations" (
    "message_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "credit_reservations_pkey" PRIMARY KEY ("message_id")
);

-- CreateTable
CREATE TABLE "ledger_entries" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "balance_before_micros" BIGINT NOT NULL,
    "balance_after_micros" BIGINT NOT NULL,
    "message_id" UUID,
    "reference" TEXT,
    "description" TEXT,
    "created_by" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_events" (
    "id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "body_encrypted" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_at" TIMESTAMPTZ(3),
    "result" TEXT,
    "wake_at" TIMESTAMPTZ(3),
    "wake_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "inbox_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "sender" TEXT,
    "body_encrypted" BYTEA NOT NULL,
    "encoding" TEXT NOT NULL,
    "segments" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "unit_price_micros" BIGINT NOT NULL,
    "priced_per" TEXT NOT NULL,
    "price_micros" BIGINT NOT NULL,
    "charge_on" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "hold_reason" TEXT,
    "failure_code" TEXT,
    "last_failure" TEXT,
    "reference" TEXT,
    "campaign" TEXT,
    "metadata" JSONB,
    "callback_url" TEXT,
    "trace_parent" TEXT,
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "send_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "wake_at" TIMESTAMPTZ(3),
    "wake_count" INTEGER NOT NULL DEFAULT 0,
    "submitted_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "report_deadline" TIMESTAMPTZ(3),
    "provider_parts" INTEGER,
    "provider_cost_micros" BIGINT,
    "provider_cost_currency" CHAR(3),

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_attempts" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "failure_code" TEXT,
    "failure_detail" TEXT,
    "provider_request_id" TEXT,
    "provider_message_id" TEXT,

    CONSTRAINT "message_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_reports" (
    "id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "result" TEXT NOT NULL,
    "detail" TEXT,
    "source" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "delivery_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_status" (
    "provider" TEXT NOT NULL,
    "blocked_at" TIMESTAMPTZ(3),
    "blocked_until" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "provider_status_pkey" PRIMARY KEY ("provider")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "resource_id" UUID NOT NULL,
    "response" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "dead_letters" (
    "id" UUID NOT NULL,
    "queue" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "failure_class" TEXT NOT NULL,
    "failure_detail" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "tenant_id" UUID,
    "at_stake_micros" BIGINT,
    "currency" CHAR(3),
    "state" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" TEXT,

    CONSTRAINT "dead_letters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operators" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "operators_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator_sessions" (
    "token_hash" BYTEA NOT NULL,
    "operator_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "operator_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "sms_prices" (
    "id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "country" CHAR(2),
    "plan_id" TEXT,
    "tenant_id" UUID,
    "per" TEXT NOT NULL,
    "unit_price_micros" BIGINT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3),

    CONSTRAINT "sms_prices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plans" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "includes_sms" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tenants" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "plan_id" TEXT NOT NULL,
    "payment_terms" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "default_country" CHAR(2) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "data_key_wrapped" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sms_settings" (
    "tenant_id" UUID NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "sender" TEXT,
    "charge_on" TEXT NOT NULL DEFAULT 'sent',
    "on_insufficient_credit" TEXT NOT NULL DEFAULT 'reject',

    CONSTRAINT "sms_settings_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "credit_reservations_open" ON "credit_reservations"("tenant_id", "currency") WHERE (state = 'open'::text);

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entries_tenant_id_currency_sequence_key" ON "ledger_entries"("tenant_id", "currency", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entries_one_charge_per_message" ON "ledger_entries"("message_id") WHERE (kind = 'sms_send'::text);

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entries_one_refund_per_message" ON "ledger_entries"("message_id") WHERE (kind = 'refund'::text);

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entries_reference" ON "ledger_entries"("tenant_id", "reference") WHERE (reference IS NOT NULL);

-- CreateIndex
CREATE INDEX "inbox_events_due" ON "inbox_events"("wake_at") WHERE (wake_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "inbox_events_source_external_id_key" ON "inbox_events"("source", "external_id");

-- CreateIndex
CREATE INDEX "messages_tenant_id_accepted_at_id_idx" ON "messages"("tenant_id", "accepted_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "messages_due" ON "messages"("wake_at") WHERE (wake_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "message_attempts_message_id_number_key" ON "message_attempts"("message_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "message_attempts_one_open" ON "message_attempts"("message_id") WHERE (closed_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "message_attempts_provider_message" ON "message_attempts"("provider", "provider_message_id") WHERE (provider_message_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "delivery_reports_message_id_idx" ON "delivery_reports"("message_id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_reports_attempt_id_result_key" ON "delivery_reports"("attempt_id", "result");

-- CreateIndex
CREATE INDEX "dead_letters_open" ON "dead_letters"("fingerprint") WHERE (state = 'open'::text);

-- CreateIndex
CREATE UNIQUE INDEX "dead_letters_queue_job_id_key" ON "dead_letters"("queue", "job_id");

-- CreateIndex
CREATE UNIQUE INDEX "operators_email_key" ON "operators"("email");

-- CreateIndex
CREATE INDEX "operator_sessions_expires_at_idx" ON "operator_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "sms_prices_currency_valid_from_idx" ON "sms_prices"("currency", "valid_from");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_tenant_id_idx" ON "api_keys"("tenant_id");

-- AddForeignKey
ALTER TABLE "message_attempts" ADD CONSTRAINT "message_attempts_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_reports" ADD CONSTRAINT "delivery_reports_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "message_attempts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operator_sessions" ADD CONSTRAINT "operator_sessions_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "operators"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sms_settings" ADD CONSTRAINT "sms_settings_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What Prisma has no words for: checks, triggers, roles, row-level security, first rows.

-- Checks: a state, kind or mode that the code does not know never gets in.
ALTER TABLE "tenants"
  ADD CONSTRAINT "tenants_status" CHECK (status IN ('active', 'suspended', 'deleted')),
  ADD CONSTRAINT "tenants_payment_terms" CHECK (payment_terms IN ('prepaid', 'postpaid')),
  ADD CONSTRAINT "tenants_currency" CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE "sms_settings"
  ADD CONSTRAINT "sms_settings_charge_on" CHECK (charge_on IN ('accepted', 'sent', 'delivered')),
  ADD CONSTRAINT "sms_settings_on_insufficient_credit" CHECK (on_insufficient_credit IN ('reject', 'hold'));
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_mode" CHECK (mode IN ('live', 'test'));
ALTER TABLE "sms_prices"
  ADD CONSTRAINT "sms_prices_per" CHECK (per IN ('segment', 'message')),
  ADD CONSTRAINT "sms_prices_unit_price" CHECK (unit_price_micros >= 0),
  ADD CONSTRAINT "sms_prices_validity" CHECK (valid_until IS NULL OR valid_until > valid_from);
ALTER TABLE "messages"
  ADD CONSTRAINT "messages_state" CHECK (state IN ('accepted', 'sending', 'unknown', 'submitted', 'sent',
    'failed', 'rejected', 'undelivered', 'expired', 'canceled', 'delivered')),
  ADD CONSTRAINT "messages_mode" CHECK (mode IN ('live', 'test')),
  ADD CONSTRAINT "messages_category" CHECK (category IN ('promotional', 'transactional', 'priority')),
  ADD CONSTRAINT "messages_recipient" CHECK (recipient ~ '^\+[1-9][0-9]{6,14}$'),
  ADD CONSTRAINT "messages_encoding" CHECK (encoding IN ('gsm7', 'ucs2')),
  ADD CONSTRAINT "messages_charge_on" CHECK (charge_on IN ('accepted', 'sent', 'delivered')),
  ADD CONSTRAINT "messages_hold_reason" CHECK (hold_reason IN ('credit', 'window', 'guard', 'provider')),
  ADD CONSTRAINT "messages_segments" CHECK (segments > 0),
  ADD CONSTRAINT "messages_price" CHECK (price_micros >= 0),
  ADD CONSTRAINT "messages_finished" CHECK ((finished_at IS NOT NULL) =
    (state IN ('failed', 'rejected', 'undelivered', 'expired', 'canceled', 'delivered')));
ALTER TABLE "message_attempts"
  ADD CONSTRAINT "message_attempts_outcome" CHECK (outcome IN ('accepted', 'rejected', 'throttled',
    'unavailable', 'unknown', 'provider_blocked')),
  ADD CONSTRAINT "message_attempts_closed" CHECK (closed_at IS NULL OR outcome IS NOT NULL);
ALTER TABLE "delivery_reports" ADD CONSTRAINT "delivery_reports_result" CHECK (result IN ('sending', 'sent',
  'delivered', 'undelivered', 'rejected', 'failed'));
ALTER TABLE "accounts"
  ADD CONSTRAINT "accounts_reserved" CHECK (reserved_micros >= 0),
  ADD CONSTRAINT "accounts_credit_limit" CHECK (credit_limit_micros >= 0);
ALTER TABLE "credit_reservations"
  ADD CONSTRAINT "credit_reservations_state" CHECK (state IN ('open', 'captured', 'released')),
  ADD CONSTRAINT "credit_reservations_amount" CHECK (amount_micros >= 0),
  ADD CONSTRAINT "credit_reservations_resolved" CHECK ((state = 'open') = (resolved_at IS NULL));
ALTER TABLE "ledger_entries"
  ADD CONSTRAINT "ledger_entries_kind" CHECK (kind IN ('purchase', 'sms_send', 'refund', 'purchase_refund',
    'adjustment', 'bonus', 'invoice_payment', 'dispute')),
  ADD CONSTRAINT "ledger_entries_balance" CHECK (balance_after_micros = balance_before_micros + amount_micros),
  ADD CONSTRAINT "ledger_entries_message" CHECK (kind NOT IN ('sms_send', 'refund') OR message_id IS NOT NULL);
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_state" CHECK (state IN ('open', 'replayed', 'discarded'));
ALTER TABLE "operators" ADD CONSTRAINT "operators_role" CHECK (role IN ('viewer', 'operator', 'admin'));

-- Credit: available = balance + credit_limit - reserved. Refunds, disputes and late captures may make it
-- negative; a new reservation or an operator's debit may not.
CREATE FUNCTION refuse_overspending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reserved_micros > OLD.reserved_micros
     AND NEW.balance_micros + NEW.credit_limit_micros < NEW.reserved_micros THEN
    RAISE EXCEPTION 'reservation exceeds the available credit of tenant %', NEW.tenant_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_available';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_available BEFORE UPDATE ON "accounts"
  FOR EACH ROW EXECUTE FUNCTION refuse_overspending();

CREATE FUNCTION refuse_overdebit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = NEW.tenant_id AND a.currency = NEW.currency
             AND NEW.balance_after_micros + a.credit_limit_micros < a.reserved_micros) THEN
    RAISE EXCEPTION 'debit exceeds the available credit of tenant %', NEW.tenant_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_available';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_entries_available BEFORE INSERT ON "ledger_entries"
  FOR EACH ROW WHEN (NEW.kind = 'adjustment' AND NEW.amount_micros < 0) EXECUTE FUNCTION refuse_overdebit();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON "ledger_entries"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A message's state only moves forward; late truth (delivered) may still replace another end.
CREATE FUNCTION message_state_rank(state text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE state WHEN 'accepted' THEN 0 WHEN 'sending' THEN 1 WHEN 'unknown' THEN 2 WHEN 'submitted' THEN 3
    WHEN 'sent' THEN 4 WHEN 'delivered' THEN 6 ELSE 5 END $$;
CREATE FUNCTION refuse_backward_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'message % cannot go from % to %', OLD.id, OLD.state, NEW.state
    USING ERRCODE = 'check_violation', CONSTRAINT = 'messages_forward_only';
END $$;
CREATE TRIGGER messages_forward_only BEFORE UPDATE OF state ON "messages"
  FOR EACH ROW WHEN (NEW.state <> OLD.state AND message_state_rank(NEW.state) <= message_state_rank(OLD.state))
  EXECUTE FUNCTION refuse_backward_move();

-- Roles belong to the cluster, migrations to a database: a second database finds them made.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['tollgate_app', 'tollgate_tenant'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
END $$;
GRANT tollgate_tenant TO tollgate_app WITH INHERIT FALSE, SET TRUE;

GRANT USAGE ON SCHEMA public TO tollgate_app, tollgate_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tollgate_app;
REVOKE UPDATE, DELETE ON "ledger_entries" FROM tollgate_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tollgate_app;

-- Row-level security: workers (tollgate_app) see all rows, tenant-facing reads (tollgate_tenant) one tenant's.
CREATE FUNCTION current_tenant_id() RETURNS uuid LANGUAGE sql STABLE AS
  $$ SELECT nullif(current_setting('tollgate.tenant_id', true), '')::uuid $$;

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['sms_settings', 'messages', 'message_attempts', 'delivery_reports',
      'accounts', 'credit_reservations', 'ledger_entries', 'api_keys', 'idempotency_keys', 'sms_prices'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('CREATE POLICY app ON %I TO tollgate_app USING (true) WITH CHECK (true)', table_name);
    EXECUTE format('CREATE POLICY tenant ON %I FOR SELECT TO tollgate_tenant USING (tenant_id = current_tenant_id())',
      table_name);
  END LOOP;
END $$;
CREATE POLICY everyone ON "sms_prices" FOR SELECT TO tollgate_tenant USING (tenant_id IS NULL);
ALTER TABLE "tenants" ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON "tenants" TO tollgate_app USING (true) WITH CHECK (true);
CREATE POLICY tenant ON "tenants" FOR SELECT TO tollgate_tenant USING (id = current_tenant_id());

GRANT SELECT ON "plans", "sms_prices", "sms_settings", "messages", "message_attempts", "delivery_reports",
  "accounts", "credit_reservations", "ledger_entries" TO tollgate_tenant;
GRANT SELECT (id, name, status, plan_id, payment_terms, currency, default_country, time_zone, created_at)
  ON "tenants" TO tollgate_tenant;
GRANT SELECT (id, tenant_id, name, hint, mode, scopes, created_at, expires_at, revoked_at)
  ON "api_keys" TO tollgate_tenant;

-- First rows: plans and list prices, editable by operators afterwards.
INSERT INTO "plans" (id, name, includes_sms) VALUES
  ('free', 'Free', false), ('starter', 'Starter', false), ('pro', 'Pro', true), ('business', 'Business', true);
INSERT INTO "sms_prices" (id, currency, per, unit_price_micros, valid_from) VALUES
  (gen_random_uuid(), 'CZK', 'segment', 1500000, '2026-01-01Z'),
  (gen_random_uuid(), 'EUR', 'segment', 60000, '2026-01-01Z'),
  (gen_random_uuid(), 'USD', 'segment', 60000, '2026-01-01Z'),
  (gen_random_uuid(), 'CHF', 'segment', 60000, '2026-01-01Z');
