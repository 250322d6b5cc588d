-- AlterTable
ALTER TABLE "messages" ADD COLUMN "replay_of" UUID;

-- AlterTable
ALTER TABLE "dead_letters" ADD COLUMN "message_id" UUID;

-- CreateTable
CREATE TABLE "dead_letter_stakes" (
    "dead_letter_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "at_stake_micros" BIGINT NOT NULL,

    CONSTRAINT "dead_letter_stakes_pkey" PRIMARY KEY ("dead_letter_id","tenant_id","currency")
);

-- CreateTable
CREATE TABLE "dead_letter_actions" (
    "id" UUID NOT NULL,
    "dead_letter_id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "selection" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dead_letter_actions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "messages_replay_of" ON "messages"("replay_of") WHERE (replay_of IS NOT NULL);

-- CreateIndex
CREATE INDEX "dead_letter_stakes_tenant_id_idx" ON "dead_letter_stakes"("tenant_id");

-- CreateIndex
CREATE INDEX "dead_letter_actions_dead_letter_id_at_idx" ON "dead_letter_actions"("dead_letter_id", "at");

-- CreateIndex
CREATE INDEX "dead_letter_actions_operation_id_idx" ON "dead_letter_actions"("operation_id");

-- CreateIndex
CREATE INDEX "dead_letters_created_at_id_idx" ON "dead_letters"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "dead_letters_to_decide" ON "dead_letters"("id") WHERE (state = 'open'::text);

-- CreateIndex
CREATE UNIQUE INDEX "dead_letters_message" ON "dead_letters"("message_id") WHERE (message_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "dead_letter_stakes" ADD CONSTRAINT "dead_letter_stakes_dead_letter_id_fkey" FOREIGN KEY ("dead_letter_id") REFERENCES "dead_letters"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letter_actions" ADD CONSTRAINT "dead_letter_actions_dead_letter_id_fkey" FOREIGN KEY ("dead_letter_id") REFERENCES "dead_letters"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Checks. A new message never repeats itself, and a resolved letter says when.
ALTER TABLE "messages" ADD CONSTRAINT "messages_replay_of_another" CHECK (replay_of <> id);
ALTER TABLE "dead_letters" DROP CONSTRAINT "dead_letters_state";
ALTER TABLE "dead_letters"
  ADD CONSTRAINT "dead_letters_state" CHECK (state IN ('open', 'replayed', 'discarded', 'expired')),
  ADD CONSTRAINT "dead_letters_resolved" CHECK ((state = 'open') = (resolved_at IS NULL));
ALTER TABLE "dead_letter_actions"
  ADD CONSTRAINT "dead_letter_actions_action" CHECK (action IN ('buried', 'replayed', 'discarded', 'expired')),
  ADD CONSTRAINT "dead_letter_actions_discarded" CHECK (action <> 'discarded' OR reason IS NOT NULL);

CREATE TRIGGER dead_letter_actions_append_only BEFORE UPDATE OR DELETE ON "dead_letter_actions"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Letters are the operators' own: tenants get no grant, and row-level security stands behind that.
ALTER TABLE "dead_letter_stakes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON "dead_letter_stakes" TO tollgate_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "dead_letter_stakes" TO tollgate_app;
GRANT SELECT, INSERT ON "dead_letter_actions" TO tollgate_app;
REVOKE UPDATE, DELETE ON "dead_letter_actions" FROM tollgate_app;

-- Letters of before: what they are about, what was at stake, and that they were buried.
UPDATE "dead_letters" SET message_id = substring(job_id FROM 9)::uuid
  WHERE job_id ~ '^message [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
INSERT INTO "dead_letter_stakes" (dead_letter_id, tenant_id, currency, at_stake_micros)
  SELECT d.id, d.tenant_id, coalesce(d.currency, t.currency), coalesce(d.at_stake_micros, 0)
  FROM "dead_letters" d JOIN "tenants" t ON t.id = d.tenant_id;
INSERT INTO "dead_letter_actions" (id, dead_letter_id, operation_id, action, actor, at)
  SELECT gen_random_uuid(), id, id, 'buried', 'tollgate', created_at FROM "dead_letters";
