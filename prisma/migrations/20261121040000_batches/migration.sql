-- CreateTable
CREATE TABLE "batches" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "campaign" TEXT,
    "item_count" INTEGER NOT NULL,
    "accepted_count" INTEGER NOT NULL,
    "repeated_count" INTEGER NOT NULL,
    "refused_count" INTEGER NOT NULL,
    "segments" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "price_micros" BIGINT NOT NULL,
    "send_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "batches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch_items" (
    "batch_id" UUID NOT NULL,
    "item_index" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "recipient" TEXT,
    "message_id" UUID,
    "is_repeated" BOOLEAN NOT NULL DEFAULT false,
    "problem_code" TEXT,
    "problem_detail" TEXT,
    "problem_pointer" TEXT,

    CONSTRAINT "batch_items_pkey" PRIMARY KEY ("batch_id","item_index")
);

-- The recipient's digits backwards, compared byte by byte: numbers are found by their last digits.
-- A column, because row-level security keeps an index on an expression from being used.
ALTER TABLE "messages" ADD COLUMN "batch_id" UUID,
ADD COLUMN "recipient_reversed" TEXT COLLATE "C" GENERATED ALWAYS AS (reverse(recipient)) STORED;

-- CreateIndex
CREATE INDEX "batches_tenant_id_created_at_id_idx" ON "batches"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "messages_by_state" ON "messages"("tenant_id", "state", "accepted_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "messages_by_recipient" ON "messages"("tenant_id", "recipient_reversed", "accepted_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "messages_by_reference" ON "messages"("tenant_id", "reference", "accepted_at" DESC, "id" DESC) WHERE (reference IS NOT NULL);

-- CreateIndex
CREATE INDEX "messages_by_campaign" ON "messages"("tenant_id", "campaign", "accepted_at" DESC, "id" DESC) WHERE (campaign IS NOT NULL);

-- CreateIndex
CREATE INDEX "messages_by_batch" ON "messages"("batch_id", "accepted_at" DESC, "id" DESC) WHERE (batch_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batches"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_items" ADD CONSTRAINT "batch_items_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batches"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Checks: counts add up, and an item is either a message or a reason why not.
ALTER TABLE "batches"
  ADD CONSTRAINT "batches_mode" CHECK (mode IN ('live', 'test')),
  ADD CONSTRAINT "batches_counts" CHECK (item_count > 0 AND item_count = accepted_count + refused_count
    AND refused_count >= 0 AND repeated_count BETWEEN 0 AND accepted_count),
  ADD CONSTRAINT "batches_price" CHECK (price_micros >= 0 AND segments >= 0);
ALTER TABLE "batch_items"
  ADD CONSTRAINT "batch_items_state" CHECK (state IN ('accepted', 'refused')),
  ADD CONSTRAINT "batch_items_message" CHECK ((state = 'accepted') = (message_id IS NOT NULL)
    AND (state = 'refused') = (problem_code IS NOT NULL)),
  ADD CONSTRAINT "batch_items_repeated" CHECK (NOT is_repeated OR state = 'accepted');

-- Row-level security, as for the tables of the ground floor
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['batches', 'batch_items'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('CREATE POLICY app ON %I TO tollgate_app USING (true) WITH CHECK (true)', table_name);
    EXECUTE format('CREATE POLICY tenant ON %I FOR SELECT TO tollgate_tenant USING (tenant_id = current_tenant_id())',
      table_name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON "batches", "batch_items" TO tollgate_app;
GRANT SELECT ON "batches", "batch_items" TO tollgate_tenant;
