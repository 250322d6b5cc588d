-- AlterTable
ALTER TABLE "usage_events" ADD COLUMN     "corrects_source_id" TEXT;

-- CreateIndex
CREATE INDEX "usage_events_corrections" ON "usage_events"("tenant_id", "meter", "corrects_source_id") WHERE (corrects_source_id IS NOT NULL);
