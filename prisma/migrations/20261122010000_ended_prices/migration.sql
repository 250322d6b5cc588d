-- What a price that was ended held until before, and which price ended it, so that removing that one gives back
-- exactly this. What was ended before these columns stays ended: nothing tells whether it had an end of its own.
ALTER TABLE "sms_prices" ADD COLUMN "ended_by_price_id" UUID,
  ADD COLUMN "former_valid_until" TIMESTAMPTZ(3),
  ADD CONSTRAINT "sms_prices_ended_by_price_id_fkey" FOREIGN KEY ("ended_by_price_id") REFERENCES "sms_prices"("id")
    ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "sms_prices_ended" CHECK (
    CASE WHEN ended_by_price_id IS NULL THEN former_valid_until IS NULL
    ELSE ended_by_price_id <> id AND valid_until IS NOT NULL
         AND (former_valid_until IS NULL OR former_valid_until > valid_until) END);
ALTER TABLE "meter_prices" ADD COLUMN "ended_by_price_id" UUID,
  ADD COLUMN "former_valid_until" TIMESTAMPTZ(3),
  ADD CONSTRAINT "meter_prices_ended_by_price_id_fkey" FOREIGN KEY ("ended_by_price_id") REFERENCES "meter_prices"("id")
    ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "meter_prices_ended" CHECK (
    CASE WHEN ended_by_price_id IS NULL THEN former_valid_until IS NULL
    ELSE ended_by_price_id <> id AND valid_until IS NOT NULL
         AND (former_valid_until IS NULL OR former_valid_until > valid_until) END);
