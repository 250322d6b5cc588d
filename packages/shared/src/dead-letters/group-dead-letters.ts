import { Prisma } from '../generated/prisma/client.ts';
import { mayHaveBeenTaken } from '../messages/attempts.ts';
import type { Db } from '../runtime/database.ts';
import { type DeadLetterState, OUTCOME_UNKNOWN } from './dead-letter.ts';
import { type Amount, sumAmounts } from './report.ts';
import { fits, type Selection } from './selection.ts';

/** Letters with one cause. */
export type DeadLetterGroup = {
  fingerprint: string;
  failureClasses: string[];
  queues: string[];
  /** Of the latest letter, as an example. */
  failureDetail: string;
  count: number;
  firstSeen: Date;
  lastSeen: Date;
  /** Whose validity, class and tenant still allow a replay; a dry run reads the payloads as well. */
  replayable: number;
  tenants: number;
  atStake: Amount[];
};

/** Where a page of groups ended. */
export type GroupPosition = { lastSeen: Date; fingerprint: string };

type GroupRow = Omit<DeadLetterGroup, 'atStake'> & {
  stakes: { currency: string; micros: string }[];
};

/** The letters that fit, by their cause, the latest first. */
export async function groupDeadLetters(
  db: Db,
  selection: Selection & { state?: DeadLetterState | undefined },
  { limit, after, now }: { limit: number; after?: GroupPosition | undefined; now: Date },
): Promise<DeadLetterGroup[]> {
  const { state } = selection;
  const rows = await db.$queryRaw<GroupRow[]>`
    WITH fitting AS (
      SELECT d.* FROM dead_letters d
      WHERE ${fits(selection)} ${state === undefined ? Prisma.empty : Prisma.sql`AND d.state = ${state}`}),
    groups AS (
      SELECT fingerprint, array_agg(DISTINCT failure_class) AS "failureClasses", array_agg(DISTINCT queue) AS queues,
             (array_agg(failure_detail ORDER BY created_at DESC))[1] AS "failureDetail", count(*)::int AS count,
             min(created_at) AS "firstSeen", max(created_at) AS "lastSeen"
      FROM fitting
      GROUP BY fingerprint
      ${after ? Prisma.sql`HAVING (max(created_at), fingerprint) < (${after.lastSeen}, ${after.fingerprint})` : Prisma.empty}
      ORDER BY max(created_at) DESC, fingerprint DESC LIMIT ${limit}),
    stakes AS (
      SELECT f.fingerprint, s.currency, s.tenant_id, sum(s.at_stake_micros) AS micros
      FROM fitting f JOIN dead_letter_stakes s ON s.dead_letter_id = f.id
      WHERE f.fingerprint IN (SELECT fingerprint FROM groups)
      GROUP BY f.fingerprint, s.currency, s.tenant_id)
    SELECT g.*,
      (SELECT count(*)::int FROM fitting f WHERE f.fingerprint = g.fingerprint AND ${mayBeReplayed(now)}) AS replayable,
      (SELECT count(DISTINCT tenant_id)::int FROM stakes s WHERE s.fingerprint = g.fingerprint) AS tenants,
      coalesce((SELECT jsonb_agg(jsonb_build_object('currency', currency, 'micros', micros::text))
                FROM stakes s WHERE s.fingerprint = g.fingerprint), '[]') AS stakes
    FROM groups g
    ORDER BY "lastSeen" DESC, fingerprint DESC`;
  return rows.map(({ stakes, ...group }) => ({
    ...group,
    atStake: sumAmounts(stakes.map(({ currency, micros }) => ({ currency, atStakeMicros: BigInt(micros) }))),
  }));
}

/** What decide-replay asks, as far as SQL can know it; on the rows `f`. A test holds the two together. */
function mayBeReplayed(now: Date): Prisma.Sql {
  return Prisma.sql`
    f.state = 'open' AND f.failure_class <> ${OUTCOME_UNKNOWN} AND (f.message_id IS NULL OR EXISTS (
      SELECT 1 FROM messages m
      JOIN tenants t ON t.id = m.tenant_id
      JOIN plans p ON p.id = t.plan_id
      JOIN sms_settings s ON s.tenant_id = m.tenant_id
      WHERE m.id = f.message_id AND m.state = 'failed' AND m.expires_at > ${now}
        AND t.status = 'active' AND p.includes_sms AND s.enabled
        AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.replay_of = m.id)
        AND NOT ${mayHaveBeenTaken}))`;
}
