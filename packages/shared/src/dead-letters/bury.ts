import type { PrismaClient } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import { deadLetterQueue } from '../queues/define-queue.ts';
import type { BuryJob } from '../runtime/consumer.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { Transaction } from '../runtime/transaction.ts';
import type { Clock } from '../time/clock.ts';
import { type Stake, SYSTEM_ACTOR } from './dead-letter.ts';
import { readStakes } from './read-stakes.ts';
import { recordActions } from './record-actions.ts';

export type NewDeadLetter = {
  queue: string;
  jobId: string;
  payload: object;
  failureClass: string;
  failureDetail: string;
  fingerprint: string;
  attempts: number;
  /** The message that was given up, where the letter is about one and not about a job. */
  messageId?: string;
  tenantId?: string;
  /** With tenant and currency; otherwise what the payload's rows stand for. */
  atStakeMicros?: bigint;
  currency?: string;
};

/** Stores a dead letter in the transaction that gave its row up, and mirrors it after the commit. */
export async function bury(tx: Transaction, letter: NewDeadLetter, at: Date): Promise<void> {
  const deadLetterId = await storeDeadLetter(tx.db, letter, at);
  tx.enqueue(deadLetterQueue({ name: letter.queue }), { deadLetterId });
}

/** The consumers' port for jobs that ran out of attempts. */
export function createBurial({ prisma, clock }: { prisma: PrismaClient; clock: Clock }): BuryJob {
  return ({ detail, payload, ...job }) =>
    prisma.$transaction((db) =>
      storeDeadLetter(db, { ...job, payload: payload as object, failureDetail: detail }, clock.now()),
    );
}

/**
 * Stores a dead letter with what is at stake, in the caller's transaction; returns its id. The same
 * job or row given up again is the same dead letter: an open one stays as it is, a resolved one is
 * opened again, because what was decided about it did not help.
 */
export async function storeDeadLetter(db: Db, letter: NewDeadLetter, at: Date): Promise<string> {
  const { queue, jobId, attempts } = letter;
  const inserted = await insertLetter(db, letter, at);
  const id = inserted ?? (await reopenLetter(db, letter, at));
  if (id !== undefined) {
    await storeStakes(db, id, letter.tenantId ?? null, await stakesOf(db, letter));
    await recordActions(db, { id: newId(), action: 'buried', actor: SYSTEM_ACTOR }, [id], at);
    return id;
  }
  const open = await db.deadLetter.update({ where: { queue_jobId: { queue, jobId } }, data: { attempts } });
  return open.id;
}

async function insertLetter(db: Db, letter: NewDeadLetter, at: Date): Promise<string | undefined> {
  const { queue, jobId, failureClass, failureDetail, fingerprint, attempts, messageId = null } = letter;
  const [row] = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO dead_letters (id, queue, job_id, payload, failure_class, failure_detail, fingerprint, attempts,
      message_id, created_at)
    VALUES (${newId()}::uuid, ${queue}, ${jobId}, ${JSON.stringify(letter.payload ?? null)}::jsonb, ${failureClass},
      ${failureDetail}, ${fingerprint}, ${attempts}, ${messageId}::uuid, ${at})
    ON CONFLICT (queue, job_id) DO NOTHING
    RETURNING id`;
  return row?.id;
}

async function reopenLetter(db: Db, letter: NewDeadLetter, at: Date): Promise<string | undefined> {
  const { queue, jobId, failureClass, failureDetail, fingerprint, attempts } = letter;
  const [row] = await db.$queryRaw<{ id: string }[]>`
    UPDATE dead_letters
    SET state = 'open', resolved_at = NULL, resolved_by = NULL, payload = ${JSON.stringify(letter.payload ?? null)}::jsonb,
        failure_class = ${failureClass}, failure_detail = ${failureDetail}, fingerprint = ${fingerprint},
        attempts = ${attempts}, created_at = ${at}
    WHERE queue = ${queue} AND job_id = ${jobId} AND state <> 'open'
    RETURNING id`;
  return row?.id;
}

async function stakesOf(db: Db, letter: NewDeadLetter): Promise<Stake[]> {
  const { tenantId, currency, atStakeMicros = 0n, payload } = letter;
  return tenantId !== undefined && currency !== undefined
    ? [{ tenantId, currency, atStakeMicros }]
    : readStakes(db, payload);
}

async function storeStakes(
  db: Db,
  deadLetterId: string,
  givenTenantId: string | null,
  stakes: readonly Stake[],
): Promise<void> {
  const [first] = stakes;
  const isOneTenants = new Set(stakes.map((stake) => stake.tenantId)).size === 1;
  const only = stakes.length === 1 ? first : null;
  await db.deadLetterStake.deleteMany({ where: { deadLetterId } });
  await db.$executeRaw`
    INSERT INTO dead_letter_stakes (dead_letter_id, tenant_id, currency, at_stake_micros)
    SELECT ${deadLetterId}::uuid, "tenantId", currency, "atStakeMicros"
    FROM jsonb_to_recordset(${jsonRows(stakes)}::jsonb) AS s("tenantId" uuid, currency text, "atStakeMicros" bigint)`;
  await db.deadLetter.update({
    where: { id: deadLetterId },
    data: {
      tenantId: givenTenantId ?? (isOneTenants ? (first?.tenantId ?? null) : null),
      atStakeMicros: only?.atStakeMicros ?? null,
      currency: only?.currency ?? null,
    },
  });
}
