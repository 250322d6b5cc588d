import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

export type AttemptOutcome =
  | 'accepted'
  | 'rejected'
  | 'throttled'
  | 'unavailable'
  | 'unknown'
  | 'provider_blocked';

export type NewAttempt = {
  id: string;
  messageId: string;
  tenantId: string;
  number: number;
  provider: string;
};

/** Opens one attempt per message, before the provider is called; a second open one is refused. */
export async function openAttempts(db: Db, attempts: readonly NewAttempt[], at: Date): Promise<void> {
  if (attempts.length === 0) return;
  await db.$executeRaw`
    INSERT INTO message_attempts (id, message_id, tenant_id, number, provider, opened_at)
    SELECT id, "messageId", "tenantId", number, provider, ${at}
    FROM jsonb_to_recordset(${jsonRows(attempts)}::jsonb) AS a(
      id uuid, "messageId" uuid, "tenantId" uuid, number int, provider text)`;
}

export type AttemptResult = {
  attemptId: string;
  outcome: AttemptOutcome;
  failureCode: string | null;
  failureDetail: string | null;
  providerRequestId: string | null;
  providerMessageId: string | null;
};

/**
 * Records what came of attempts. An unknown outcome leaves the attempt open; any other closes it,
 * and once closed its outcome stays, unless the provider turns out to have accepted it after all. The provider's ids are kept whenever they are first seen.
 */
export async function recordOutcomes(db: Db, results: readonly AttemptResult[], at: Date): Promise<void> {
  if (results.length === 0) return;
  await db.$executeRaw`
    UPDATE message_attempts a
    SET outcome = CASE WHEN a.closed_at IS NULL OR (a.outcome = 'unavailable' AND x.outcome = 'accepted')
                       THEN x.outcome ELSE a.outcome END,
        closed_at = CASE WHEN a.closed_at IS NULL AND x.outcome <> 'unknown' THEN ${at} ELSE a.closed_at END,
        failure_code = coalesce(a.failure_code, x."failureCode"),
        failure_detail = coalesce(a.failure_detail, x."failureDetail"),
        provider_request_id = coalesce(a.provider_request_id, x."providerRequestId"),
        provider_message_id = coalesce(a.provider_message_id, x."providerMessageId")
    FROM jsonb_to_recordset(${jsonRows(results)}::jsonb) AS x("attemptId" uuid, outcome text,
      "failureCode" text, "failureDetail" text, "providerRequestId" text, "providerMessageId" text)
    WHERE a.id = x."attemptId"`;
}

export type AttemptOwner = { messageId: string; tenantId: string; openedAt: Date };

/** The messages that the attempts belong to; ids that are no attempt are left out. */
export async function findAttemptOwners(
  db: Db,
  attemptIds: readonly string[],
): Promise<Map<string, AttemptOwner>> {
  const rows = await db.messageAttempt.findMany({
    where: { id: { in: [...attemptIds] } },
    select: { id: true, messageId: true, tenantId: true, openedAt: true },
  });
  return new Map(rows.map(({ id, ...owner }) => [id, owner]));
}
