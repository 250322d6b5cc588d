-- CreateTable
CREATE TABLE "keyed_writes" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "keyed_writes_pkey" PRIMARY KEY ("scope","key")
);

-- Row-level security, as for the tables of the ground floor
ALTER TABLE "keyed_writes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON "keyed_writes" TO tollgate_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "keyed_writes" TO tollgate_app;
