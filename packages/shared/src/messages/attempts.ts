import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { ReportResult } from './delivery-reports.ts';

export type AttemptOutcome =
  | 'accepted'
  | 'rejected'
  | 'throttled'
  | 'unavailable'
  | 'unknown'
  | 'provider_blocked';

/** failure_code of attempts that the provider refused or denies: its word about this message. */
export const NOT_TAKEN = 'not_taken';

/** failure_code of an attempt that nobody could resolve, so that another one was allowed knowingly. */
export const UNRESOLVED = 'unresolved';

/** failure_code of an attempt whose provider can not carry the message at all, though another one may. */
export const UNROUTABLE = 'unroutable';

/** failure_code of an attempt whose acceptance the provider took back, because our account had no credit. */
export const PROVIDER_CREDIT = 'provider_credit';

/** failure_code of an attempt that never reached its provider. */
export const NOT_REACHED = 'not_reached';

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
 * Records what came of attempts. An unknown outcome leaves the attempt open, unless it is given up as
 * unresolved; any other closes it. Once closed its outcome stays, but for late truth: the provider
 * accepted it after all, or took its acceptance back for want of credit. The provider's ids are kept
 * whenever they are first seen. At most one result per attempt. Returns the outcomes that stand now.
 */
export async function recordOutcomes(
  db: Db,
  results: readonly AttemptResult[],
  at: Date,
): Promise<Map<string, AttemptOutcome>> {
  if (results.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; outcome: AttemptOutcome }[]>`
    UPDATE message_attempts a
    SET outcome = CASE WHEN a.closed_at IS NULL
                         OR (a.outcome IN ('unavailable', 'unknown', 'throttled') AND x.outcome = 'accepted')
                         OR (a.outcome = 'provider_blocked' AND x.outcome = 'accepted'
                             AND a.failure_code IS DISTINCT FROM ${PROVIDER_CREDIT})
                         OR (a.outcome = 'accepted' AND x.outcome = 'provider_blocked')
                       THEN x.outcome ELSE a.outcome END,
        closed_at = CASE WHEN a.closed_at IS NULL AND (x.outcome <> 'unknown' OR x."failureCode" = ${UNRESOLVED})
                         THEN ${at} ELSE a.closed_at END,
        failure_code = coalesce(a.failure_code, x."failureCode"),
        failure_detail = coalesce(a.failure_detail, x."failureDetail"),
        provider_request_id = coalesce(a.provider_request_id, x."providerRequestId"),
        provider_message_id = coalesce(a.provider_message_id, x."providerMessageId")
    FROM jsonb_to_recordset(${jsonRows(results)}::jsonb) AS x("attemptId" uuid, outcome text,
      "failureCode" text, "failureDetail" text, "providerRequestId" text, "providerMessageId" text)
    WHERE a.id = x."attemptId"
    RETURNING a.id, a.outcome`;
  return new Map(rows.map(({ id, outcome }) => [id, outcome]));
}

/** An attempt with everything that was ever reported of it. */
export type ReportedAttempt = {
  attemptId: string;
  messageId: string;
  outcome: AttemptOutcome | null;
  isOpen: boolean;
  results: readonly ReportResult[];
};

/** The attempts of the messages, oldest first, each with its reported results. */
export function readReportedAttempts(db: Db, messageIds: readonly string[]): Promise<ReportedAttempt[]> {
  return db.$queryRaw<ReportedAttempt[]>`
    SELECT a.id AS "attemptId", a.message_id AS "messageId", a.outcome, a.closed_at IS NULL AS "isOpen",
           coalesce(array_agg(r.result) FILTER (WHERE r.result IS NOT NULL), '{}') AS results
    FROM message_attempts a LEFT JOIN delivery_reports r ON r.attempt_id = a.id
    WHERE a.message_id = ANY (${messageIds}::uuid[])
    GROUP BY a.id
    ORDER BY a.message_id, a.number`;
}

/** SQL: whether a message `m` has an attempt that was taken, or that nobody can say was not. */
export const mayHaveBeenTaken = Prisma.sql`EXISTS (
  SELECT 1 FROM message_attempts a
  WHERE a.message_id = m.id AND (a.closed_at IS NULL OR a.outcome IN ('accepted', 'unknown')))`;

export type AttemptOwner = { messageId: string; tenantId: string; provider: string; openedAt: Date };

/** The messages that the attempts belong to; ids that are no attempt are left out. */
export async function findAttemptOwners(
  db: Db,
  attemptIds: readonly string[],
): Promise<Map<string, AttemptOwner>> {
  const rows = await db.messageAttempt.findMany({
    where: { id: { in: [...attemptIds] } },
    select: { id: true, messageId: true, tenantId: true, provider: true, openedAt: true },
  });
  return new Map(rows.map(({ id, ...owner }) => [id, owner]));
}

/** Those of the provider's message ids that an attempt of ours already bears. */
export async function findBorneIds(
  db: Db,
  provider: string,
  providerMessageIds: readonly string[],
): Promise<Set<string>> {
  const rows = await db.messageAttempt.findMany({
    where: { provider, providerMessageId: { in: [...providerMessageIds] } },
    select: { providerMessageId: true },
  });
  return new Set(rows.flatMap(({ providerMessageId }) => providerMessageId ?? []));
}

/**
 * Whether an attempt of another message to the same recipient is open at the provider and has no id there
 * yet: what is found at the provider could be either's.
 */
export async function hasRival(
  db: Db,
  { provider, attemptId, recipient }: { provider: string; attemptId: string; recipient: string },
): Promise<boolean> {
  const [found] = await db.$queryRaw<{ exists: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM message_attempts a JOIN messages m ON m.id = a.message_id
      WHERE a.closed_at IS NULL AND a.provider = ${provider} AND a.provider_message_id IS NULL
        AND a.id <> ${attemptId}::uuid AND m.recipient = ${recipient})`;
  return found?.exists ?? false;
}
