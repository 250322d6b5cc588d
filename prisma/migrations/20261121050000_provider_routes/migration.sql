-- CreateTable
CREATE TABLE "provider_routes" (
    "country" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "providers" TEXT[],
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT NOT NULL,

    CONSTRAINT "provider_routes_pkey" PRIMARY KEY ("country","mode")
);

-- CreateTable
CREATE TABLE "reply_threads" (
    "provider" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "attempt_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reply_threads_pkey" PRIMARY KEY ("provider","recipient")
);


-- The order of one country names each provider once, and at least one.
ALTER TABLE "provider_routes"
  ADD CONSTRAINT "provider_routes_country" CHECK (country ~ '^([A-Z]{2}|[*])$'),
  ADD CONSTRAINT "provider_routes_mode" CHECK (mode IN ('live', 'test')),
  ADD CONSTRAINT "provider_routes_providers" CHECK (providers IS NOT NULL AND cardinality(providers) BETWEEN 1 AND 10
    AND array_position(providers, NULL) IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON "provider_routes" TO tollgate_app;

ALTER TABLE "reply_threads" ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON "reply_threads" TO tollgate_app USING (true) WITH CHECK (true);
CREATE POLICY tenant ON "reply_threads" FOR SELECT TO tollgate_tenant USING (tenant_id = current_tenant_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "reply_threads" TO tollgate_app;
GRANT SELECT ON "reply_threads" TO tollgate_tenant;
