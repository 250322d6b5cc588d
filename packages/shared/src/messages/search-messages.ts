import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import type { MessageCategory } from './categories.ts';
import type { MessageState } from './states.ts';

export type MessageFilter = {
  states?: readonly MessageState[] | undefined;
  /** A whole number in E.164, or its last digits. */
  number?: string | undefined;
  startsAt?: Date | undefined;
  /** Does not belong to the span. */
  endsAt?: Date | undefined;
  reference?: string | undefined;
  campaign?: string | undefined;
  category?: MessageCategory | undefined;
  batchId?: string | undefined;
};

/** Where a page ended. */
export type MessagePosition = { acceptedAt: Date; id: string };

export type FoundMessage = MessagePosition & {
  mode: string;
  category: string;
  recipient: string;
  country: string;
  sender: string | null;
  bodyEncrypted: Uint8Array;
  encoding: string;
  segments: number;
  currency: string;
  priceMicros: bigint;
  state: MessageState;
  holdReason: string | null;
  failureCode: string | null;
  lastFailure: string | null;
  reference: string | null;
  campaign: string | null;
  metadata: unknown;
  batchId: string | null;
  attemptCount: number;
  sendAt: Date | null;
  expiresAt: Date;
  submittedAt: Date | null;
  sentAt: Date | null;
  deliveredAt: Date | null;
  finishedAt: Date | null;
};

const columns = Prisma.sql`
  id, mode, category, recipient, country, sender, body_encrypted AS "bodyEncrypted", encoding, segments, currency,
  price_micros AS "priceMicros", state, hold_reason AS "holdReason", failure_code AS "failureCode",
  last_failure AS "lastFailure", reference, campaign, metadata, batch_id AS "batchId",
  attempt_count AS "attemptCount", accepted_at AS "acceptedAt", send_at AS "sendAt", expires_at AS "expiresAt",
  submitted_at AS "submittedAt", sent_at AS "sentAt", delivered_at AS "deliveredAt", finished_at AS "finishedAt"`;

const newestFirst = Prisma.sql`ORDER BY accepted_at DESC, id DESC`;

/** The tenant's messages that fit, newest first, from behind the position on. */
export function searchMessages(
  db: Db,
  tenantId: string,
  filter: MessageFilter,
  { limit, after }: { limit: number; after?: MessagePosition | undefined },
): Promise<FoundMessage[]> {
  const conditions = Prisma.join([...conditionsOf(tenantId, filter, after)], ' AND ');
  const { states, number, reference, campaign, batchId } = filter;
  if (!states) return selectMessages(db, conditions, limit);
  const isNarrow = [number, reference, campaign, batchId].some((value) => value !== undefined);
  if (isNarrow)
    return selectMessages(db, Prisma.sql`${conditions} AND state = ANY (${states}::text[])`, limit);
  // Each state by itself, because only so its index gives the newest first; a list of states would be sorted.
  return db.$queryRaw<FoundMessage[]>`
    SELECT found.* FROM unnest(${[...new Set(states)]}::text[]) AS wanted(state)
    CROSS JOIN LATERAL (
      SELECT ${columns} FROM messages
      WHERE ${conditions} AND state = wanted.state ${newestFirst} LIMIT ${limit}) found
    ORDER BY found."acceptedAt" DESC, found.id DESC LIMIT ${limit}`;
}

function selectMessages(db: Db, conditions: Prisma.Sql, limit: number): Promise<FoundMessage[]> {
  return db.$queryRaw<FoundMessage[]>`
    SELECT ${columns} FROM messages WHERE ${conditions} ${newestFirst} LIMIT ${limit}`;
}

function* conditionsOf(
  tenantId: string,
  filter: MessageFilter,
  after: MessagePosition | undefined,
): Generator<Prisma.Sql> {
  const { number, startsAt, endsAt, reference, campaign, category, batchId } = filter;
  yield Prisma.sql`tenant_id = ${tenantId}::uuid`;
  if (number !== undefined) yield matchNumber(number);
  if (startsAt) yield Prisma.sql`accepted_at >= ${startsAt}`;
  if (endsAt) yield Prisma.sql`accepted_at < ${endsAt}`;
  if (reference !== undefined) yield Prisma.sql`reference = ${reference}`;
  if (campaign !== undefined) yield Prisma.sql`campaign = ${campaign}`;
  if (category !== undefined) yield Prisma.sql`category = ${category}`;
  if (batchId !== undefined) yield Prisma.sql`batch_id = ${batchId}::uuid`;
  if (after) yield Prisma.sql`(accepted_at, id) < (${after.acceptedAt}, ${after.id}::uuid)`;
}

/** By the column with the digits backwards, as a range: LIKE is no operator that row-level security lets an index serve. */
function matchNumber(number: string): Prisma.Sql {
  const backwards = Array.from(number).reverse().join('');
  if (number.startsWith('+')) return Prisma.sql`recipient_reversed = ${backwards}`;
  // ":" is what follows "9".
  return Prisma.sql`recipient_reversed >= ${backwards} AND recipient_reversed < ${`${backwards}:`}`;
}
