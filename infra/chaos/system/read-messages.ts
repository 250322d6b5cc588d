import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { StoredMessage } from './judge-messages.ts';

/** What the books say of every message. */
export function readMessages(prisma: PrismaClient): Promise<StoredMessage[]> {
  return prisma.$queryRaw<StoredMessage[]>`
    SELECT m.reference, m.category, m.state, m.failure_code AS "failureCode",
      (SELECT count(*)::int FROM ledger_entries e WHERE e.message_id = m.id AND e.kind = 'sms_send') AS "chargeCount",
      EXISTS (SELECT 1 FROM credit_reservations r WHERE r.message_id = m.id AND r.state = 'open') AS "holdsCredit"
    FROM messages m ORDER BY m.accepted_at, m.id`;
}

export type Progress = {
  accepted: number;
  delivered: number;
  expired: number;
  /** Messages that have not ended. */
  open: number;
  /** How long the oldest of them has been waiting; null when there is none. */
  oldestSeconds: number | null;
};

/** How far the messages have come. */
export async function readProgress(prisma: PrismaClient): Promise<Progress> {
  const [row] = await prisma.$queryRaw<[Progress]>`
    SELECT count(*)::int AS accepted,
      count(*) FILTER (WHERE state = 'delivered')::int AS delivered,
      count(*) FILTER (WHERE state = 'expired')::int AS expired,
      count(*) FILTER (WHERE finished_at IS NULL)::int AS open,
      floor(extract(epoch FROM now() - min(accepted_at) FILTER (WHERE finished_at IS NULL)))::int AS "oldestSeconds"
    FROM messages`;
  return row;
}

/** What is still to be done, in words: messages on their way, webhooks, usage, pushes and mails. Empty when nothing is. */
export async function readBacklog(prisma: PrismaClient): Promise<string[]> {
  const [row] = await prisma.$queryRaw<[Record<string, number>]>`
    SELECT (SELECT count(*)::int FROM messages WHERE finished_at IS NULL) AS "messages on their way",
      (SELECT count(*)::int FROM inbox_events WHERE applied_at IS NULL) AS "webhooks not applied",
      (SELECT count(*)::int FROM usage_events WHERE rollup_id IS NULL) AS "usage events not rolled up",
      (SELECT count(*)::int FROM stripe_pushes WHERE state <> 'confirmed') AS "pushes not confirmed",
      (SELECT count(*)::int FROM notifications WHERE sent_at IS NULL) AS "mails not sent"`;
  return Object.entries(row)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
}
