-- CreateTable
CREATE TABLE "stripe_leases" (
    "key" TEXT NOT NULL,
    "holder" UUID NOT NULL,
    "held_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stripe_leases_pkey" PRIMARY KEY ("key")
);

-- AlterTable
ALTER TABLE "stripe_pushes" ADD COLUMN     "resolution" JSONB,
ADD COLUMN     "seen" JSONB;

-- AlterTable
ALTER TABLE "invoices" ADD COLUMN     "stripe_invoice_pdf" TEXT;

-- CreateIndex
CREATE INDEX "stripe_pushes_deferred" ON "stripe_pushes"("customer") WHERE (state = 'deferred'::text);

-- CreateIndex
CREATE INDEX "invoices_stripe_invoice_id_idx" ON "invoices"("stripe_invoice_id");

GRANT SELECT, INSERT, UPDATE, DELETE ON "stripe_leases" TO tollgate_app;
