import type { PrismaClient } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import type { BuryJob } from '../runtime/consumer.ts';
import type { Db } from '../runtime/database.ts';
import type { Clock } from '../time/clock.ts';

export type NewDeadLetter = {
  queue: string;
  jobId: string;
  payload: object;
  failureClass: string;
  failureDetail: string;
  fingerprint: string;
  attempts: number;
  tenantId?: string;
  atStakeMicros?: bigint;
  currency?: string;
};

/** Stores a dead letter; the same job given up again is the same dead letter. Returns its id. */
export async function storeDeadLetter(db: Db, letter: NewDeadLetter, at: Date): Promise<string> {
  const { queue, jobId } = letter;
  const row = await db.deadLetter.upsert({
    where: { queue_jobId: { queue, jobId } },
    create: { id: newId(), ...letter, createdAt: at },
    update: { attempts: letter.attempts },
  });
  return row.id;
}

/** The consumers' port for jobs that ran out of attempts. */
export function createBurial({ prisma, clock }: { prisma: PrismaClient; clock: Clock }): BuryJob {
  return ({ detail, payload, ...job }) =>
    storeDeadLetter(prisma, { ...job, payload: payload as object, failureDetail: detail }, clock.now());
}
