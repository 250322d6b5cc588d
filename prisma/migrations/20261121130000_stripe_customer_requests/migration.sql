-- CreateTable
CREATE TABLE "stripe_customer_requests" (
    "tenant_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "params" JSONB NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "first_sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stripe_customer_requests_pkey" PRIMARY KEY ("tenant_id","currency")
);

-- Row-level security, as for the tables of the ground floor
ALTER TABLE "stripe_customer_requests" ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON "stripe_customer_requests" TO tollgate_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "stripe_customer_requests" TO tollgate_app;
