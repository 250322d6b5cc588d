import { mayHaveBeenTaken } from '../messages/attempts.ts';
import type { MessageCategory } from '../messages/categories.ts';
import type { Db } from '../runtime/database.ts';
import type { Stake } from './dead-letter.ts';
import { fits, type Selection } from './selection.ts';

/** An open letter with all that a replay of it needs. */
export type Candidate = {
  id: string;
  queue: string;
  payload: unknown;
  failureClass: string;
  message: FailedMessage | 'gone' | null;
  stakes: Stake[];
};

export type FailedMessage = {
  id: string;
  tenantId: string;
  category: MessageCategory;
  state: string;
  expiresAt: Date;
  bodyEncrypted: Uint8Array;
  dataKeyWrapped: Uint8Array;
  isReplayed: boolean;
  mayHaveBeenSent: boolean;
  sendingAllowed: boolean;
};

/** Where a walk over open letters goes on: after this id, at most so many. */
export type Step = { after: string | null; limit: number };

/** The open letters that are selected, oldest first, as they are: nothing is locked. */
export async function readCandidates(db: Db, selection: Selection, step: Step): Promise<Candidate[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM dead_letters d
    WHERE d.state = 'open' AND d.id > ${step.after ?? NIL}::uuid AND ${fits(selection)}
    ORDER BY d.id LIMIT ${step.limit}`;
  return loadCandidates(db, idsOf(rows));
}

/**
 * Locks open letters that nobody else is deciding about, and the messages that they are about: a late
 * report waits until it is decided, so that what was delivered meanwhile is not sent again.
 */
export async function lockCandidates(db: Db, selection: Selection, step: Step): Promise<Candidate[]> {
  const ids = await lockOpenLetters(db, selection, step);
  await db.$queryRaw`
    SELECT m.id FROM messages m JOIN dead_letters d ON d.message_id = m.id
    WHERE d.id = ANY (${ids}::uuid[]) ORDER BY m.id FOR SHARE OF m`;
  return loadCandidates(db, ids);
}

/** Locks open letters that nobody else is deciding about; their ids, oldest first. */
export async function lockOpenLetters(db: Db, selection: Selection, step: Step): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM dead_letters d
    WHERE d.state = 'open' AND d.id > ${step.after ?? NIL}::uuid AND ${fits(selection)}
    ORDER BY d.id LIMIT ${step.limit}
    FOR UPDATE OF d SKIP LOCKED`;
  return idsOf(rows);
}

const NIL = '00000000-0000-0000-0000-000000000000';

async function loadCandidates(db: Db, ids: readonly string[]): Promise<Candidate[]> {
  if (ids.length === 0) return [];
  const letters = await db.deadLetter.findMany({
    where: { id: { in: [...ids] } },
    include: { stakes: true },
    orderBy: { id: 'asc' },
  });
  const messages = await loadMessages(
    db,
    letters.flatMap(({ messageId }) => messageId ?? []),
  );
  return letters.map(({ id, queue, payload, failureClass, messageId, stakes }) => ({
    id,
    queue,
    payload,
    failureClass,
    message: messageId === null ? null : (messages.get(messageId) ?? 'gone'),
    stakes,
  }));
}

async function loadMessages(db: Db, ids: readonly string[]): Promise<Map<string, FailedMessage>> {
  const rows = await db.$queryRaw<FailedMessage[]>`
    SELECT m.id, m.tenant_id AS "tenantId", m.category, m.state, m.expires_at AS "expiresAt",
           m.body_encrypted AS "bodyEncrypted", t.data_key_wrapped AS "dataKeyWrapped",
           EXISTS (SELECT 1 FROM messages r WHERE r.replay_of = m.id) AS "isReplayed",
           ${mayHaveBeenTaken} AS "mayHaveBeenSent",
           (t.status = 'active' AND p.includes_sms AND coalesce(s.enabled, false)) AS "sendingAllowed"
    FROM messages m
    JOIN tenants t ON t.id = m.tenant_id
    JOIN plans p ON p.id = t.plan_id
    LEFT JOIN sms_settings s ON s.tenant_id = m.tenant_id
    WHERE m.id = ANY (${ids}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
