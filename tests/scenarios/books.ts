import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';

/** Every way in which the books disagree with themselves; empty when they are right. */
export async function findDiscrepancies(prisma: PrismaClient): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ what: string }[]>`
    SELECT 'balance of ' || a.tenant_id AS what FROM accounts a
      WHERE a.balance_micros <> (SELECT coalesce(sum(amount_micros), 0) FROM ledger_entries e
        WHERE e.tenant_id = a.tenant_id AND e.currency = a.currency)
    UNION ALL SELECT 'reserved of ' || a.tenant_id FROM accounts a
      WHERE a.reserved_micros <> (SELECT coalesce(sum(amount_micros), 0) FROM credit_reservations r
        WHERE r.tenant_id = a.tenant_id AND r.currency = a.currency AND r.state = 'open')
    UNION ALL SELECT 'chain of ' || e.tenant_id || ' at ' || e.sequence FROM ledger_entries e
      JOIN ledger_entries before ON before.tenant_id = e.tenant_id AND before.currency = e.currency AND before.sequence = e.sequence - 1
      WHERE before.balance_after_micros <> e.balance_before_micros
    UNION ALL SELECT 'delivered but not charged: ' || m.id FROM messages m
      WHERE m.state = 'delivered' AND m.mode = 'live'
        AND NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.message_id = m.id AND e.kind = 'sms_send' AND e.amount_micros = -m.price_micros)
    UNION ALL SELECT 'rejected but charged: ' || m.id FROM messages m
      WHERE m.state = 'rejected' AND EXISTS (SELECT 1 FROM ledger_entries e WHERE e.message_id = m.id AND e.kind = 'sms_send')
        AND NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.message_id = m.id AND e.kind = 'refund')
    UNION ALL SELECT 'ended with credit held: ' || m.id FROM messages m
      JOIN credit_reservations r ON r.message_id = m.id AND r.state = 'open' WHERE m.finished_at IS NOT NULL`;
  return rows.map(({ what }) => what);
}
