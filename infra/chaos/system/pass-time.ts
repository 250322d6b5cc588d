import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { LEASE_MS } from '@tollgate/shared/stripe/stripe-lease.ts';

// Both lock messages in id order, as the services do, so that time and services never deadlock.

/**
 * Lets time pass for what is waiting: rows become due at once, and of what a process took to its
 * grave before `deathAt`, attempts become older than the provider's listing may lag behind, and leases end.
 */
export async function letTimePass(prisma: PrismaClient, deathAt: Date): Promise<void> {
  // Around what is locked: the next turn finds it.
  await prisma.$executeRaw`
    UPDATE messages SET wake_at = now(), not_before = least(not_before, now())
    WHERE id IN (SELECT id FROM messages WHERE wake_at > now() ORDER BY id FOR UPDATE SKIP LOCKED)`;
  await wakeTheRest(prisma);
  await prisma.$executeRaw`
    UPDATE message_attempts SET opened_at = opened_at - interval '11 minutes'
    WHERE closed_at IS NULL AND opened_at < ${deathAt} AND opened_at > ${deathAt}::timestamptz - interval '10 minutes'`;
  await prisma.stripeLease.deleteMany({
    where: { heldUntil: { lt: new Date(deathAt.getTime() + LEASE_MS) } },
  });
}

/**
 * Makes every message that has not ended older by so many milliseconds: its waits, its validity, its open attempt
 * and its report deadline, so that minutes pass for the rows which did not pass for the processes.
 */
export async function skipTime(prisma: PrismaClient, ms: number): Promise<void> {
  await prisma.$executeRaw`
    WITH open AS (SELECT id FROM messages WHERE wake_at IS NOT NULL ORDER BY id FOR UPDATE),
         skipped AS (SELECT ${ms} * interval '1 millisecond' AS span),
         attempts AS (
           UPDATE message_attempts a SET opened_at = opened_at - span FROM open, skipped
           WHERE a.message_id = open.id AND (a.closed_at IS NULL OR a.outcome = 'accepted'))
    UPDATE messages m
    SET wake_at = wake_at - span, not_before = not_before - span, expires_at = expires_at - span,
        report_deadline = report_deadline - span
    FROM open, skipped WHERE m.id = open.id`;
  await wakeTheRest(prisma);
}

async function wakeTheRest(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`UPDATE inbox_events SET wake_at = now() WHERE wake_at > now()`;
  await prisma.$executeRaw`UPDATE invoices SET wake_at = now() WHERE wake_at > now()`;
  await prisma.$executeRaw`UPDATE notifications SET wake_at = now() WHERE wake_at > now()`;
}
