import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import type { Encoding } from '../text/segments.ts';
import { NOT_REACHED, NOT_TAKEN, UNROUTABLE } from './attempts.ts';
import type { LockedMessage } from './message.ts';

/** A message that may be handed over now, with everything the hand-over needs. */
export type ClaimableMessage = LockedMessage & {
  recipient: string;
  sender: string | null;
  bodyEncrypted: Uint8Array;
  encoding: Encoding;
  traceParent: string | null;
  dataKeyWrapped: Uint8Array;
  /** Whether the recipient wants nothing more from the tenant. */
  optedOut: boolean;
  /** Whether nobody may send to the recipient. */
  isBlocked: boolean;
  onInsufficientCredit: 'reject' | 'hold';
  /** What earlier attempts say of the providers they went to; empty before the first. */
  history: readonly ProviderHistory[];
};

/** How a message has fared with one provider. */
export type ProviderHistory = {
  provider: string;
  /** How often it was certainly not taken there: refused for now, denied, or not reached. */
  setbacks: number;
  /** The provider can not carry it, now or later. */
  isUnroutable: boolean;
};

/** The clock of who accepted a message may run ahead of ours; without this its job would come too early. */
const CLOCK_SKEW_MS = 250;

// Both lock first and read in a second statement: one statement that waits for a lock, or takes it just
// after its holder committed, still sees the attempts and reservations of before.

const lockedColumns = Prisma.sql`
  m.id, m.tenant_id AS "tenantId", m.mode, m.category, m.state, m.country, m.campaign, m.batch_id AS "batchId",
  m.segments, m.currency,
  m.unit_price_micros AS "unitPriceMicros", m.price_micros AS "priceMicros", m.charge_on AS "chargeOn",
  m.attempt_count AS "attemptCount", m.accepted_at AS "acceptedAt", m.expires_at AS "expiresAt",
  m.report_deadline AS "reportDeadline", r.state AS reservation,
  CASE WHEN m.attempt_count = 0 THEN 0 ELSE (
    SELECT count(*)::int FROM message_attempts a
    WHERE a.message_id = m.id AND a.outcome = 'unavailable' AND a.failure_code = ${NOT_TAKEN}) END AS "refusalCount"`;

const historyOfMessage = Prisma.sql`
  SELECT coalesce(jsonb_agg(h), '[]') FROM (
    SELECT a.provider,
           count(*) FILTER (WHERE a.outcome = 'unavailable' AND a.failure_code IN (${NOT_TAKEN}, ${NOT_REACHED})) AS setbacks,
           bool_or(a.outcome = 'rejected' AND a.failure_code = ${UNROUTABLE}) AS "isUnroutable"
    FROM message_attempts a WHERE a.message_id = m.id GROUP BY a.provider) h`;

/**
 * Locks those of the messages that are due for a hand-over and that nobody else is working on, in
 * acceptance order. An attempt that is open, or that the provider accepted, forbids another one.
 */
export async function claimMessages(db: Db, ids: readonly string[], now: Date): Promise<ClaimableMessage[]> {
  const dueBy = new Date(now.getTime() + CLOCK_SKEW_MS);
  const locked = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM messages
    WHERE id = ANY (${ids}::uuid[]) AND state IN ('accepted', 'sending', 'unknown', 'submitted') AND not_before <= ${dueBy}
    FOR UPDATE SKIP LOCKED`;
  if (locked.length === 0) return [];
  return db.$queryRaw<ClaimableMessage[]>`
    SELECT ${lockedColumns}, m.recipient, m.sender, m.body_encrypted AS "bodyEncrypted", m.encoding,
           m.trace_parent AS "traceParent", NULL AS "openAttemptId", false AS "hasAcceptedAttempt",
           t.data_key_wrapped AS "dataKeyWrapped", s.on_insufficient_credit AS "onInsufficientCredit",
           EXISTS (SELECT 1 FROM opt_outs o WHERE o.tenant_id = m.tenant_id AND o.recipient = m.recipient) AS "optedOut",
           EXISTS (SELECT 1 FROM blocked_numbers b WHERE b.recipient = m.recipient) AS "isBlocked",
           CASE WHEN m.attempt_count = 0 THEN '[]'::jsonb ELSE (${historyOfMessage}) END AS history
    FROM messages m
    JOIN tenants t ON t.id = m.tenant_id
    JOIN sms_settings s ON s.tenant_id = m.tenant_id
    LEFT JOIN credit_reservations r ON r.message_id = m.id
    WHERE m.id = ANY (${idsOf(locked)}::uuid[])
      AND NOT EXISTS (SELECT 1 FROM message_attempts a
                      WHERE a.message_id = m.id AND (a.closed_at IS NULL OR a.outcome = 'accepted'))
    ORDER BY m.accepted_at, m.id`;
}

/** Locks messages by id, waiting for whoever holds them; in id order, so that two lockers never cross. */
export async function lockMessages(db: Db, ids: readonly string[]): Promise<LockedMessage[]> {
  const locked = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM messages WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`;
  if (locked.length === 0) return [];
  return db.$queryRaw<LockedMessage[]>`
    SELECT ${lockedColumns}, o.id AS "openAttemptId", m.attempt_count > 0 AND EXISTS (
             SELECT 1 FROM message_attempts a WHERE a.message_id = m.id AND a.outcome = 'accepted') AS "hasAcceptedAttempt"
    FROM messages m
    LEFT JOIN credit_reservations r ON r.message_id = m.id
    LEFT JOIN message_attempts o ON o.message_id = m.id AND o.closed_at IS NULL
    WHERE m.id = ANY (${idsOf(locked)}::uuid[])
    ORDER BY m.id`;
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
