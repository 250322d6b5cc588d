import { newId } from '../src/ids/ids.ts';
import { type Books, lookedAt } from './reconciliation-books.ts';

/** One thing wrong in otherwise correct books. */
export type Fault = {
  /** The check that must find it. */
  check: string;
  what: string;
  /** Makes it so; returns the subject to be found. */
  corrupt(books: Books): Promise<string>;
};

const account = ({ tenant }: Books) => `${tenant.id} CZK`;

export const faults: readonly Fault[] = [
  {
    check: 'messages-have-a-way-forward',
    what: 'a submitted message that nobody will look at',
    async corrupt({ corrupt, messages }) {
      await corrupt('UPDATE messages SET wake_at = NULL WHERE id = $1', [messages.waiting]);
      return messages.waiting;
    },
  },
  {
    check: 'messages-have-a-way-forward',
    what: 'a sent message that was given up before its deadline',
    async corrupt({ corrupt, messages }) {
      await corrupt(`UPDATE messages SET report_deadline = $2 WHERE id = $1`, [
        messages.sentForGood,
        new Date('2026-05-01'),
      ]);
      return messages.sentForGood;
    },
  },
  {
    check: 'messages-have-a-way-forward',
    what: 'a state that the code does not know',
    async corrupt({ corrupt, messages }) {
      await corrupt('ALTER TABLE messages DROP CONSTRAINT messages_state');
      await corrupt(`UPDATE messages SET state = 'lost' WHERE id = $1`, [messages.waiting]);
      return messages.waiting;
    },
  },
  {
    check: 'hand-overs-are-numbered',
    what: 'attempts with a gap in their numbers',
    async corrupt({ corrupt, messages }) {
      await corrupt('UPDATE message_attempts SET number = 2 WHERE message_id = $1', [messages.delivered]);
      return messages.delivered;
    },
  },
  {
    check: 'hand-overs-are-numbered',
    what: 'a message that the provider accepted twice',
    async corrupt({ corrupt, messages, tenant }) {
      await corrupt('UPDATE messages SET attempt_count = 2 WHERE id = $1', [messages.delivered]);
      await corrupt(
        `INSERT INTO message_attempts (id, message_id, tenant_id, number, provider, opened_at, closed_at, outcome)
         VALUES ($1, $2, $3, 2, 'sms-manager', $4, $4, 'accepted')`,
        [newId(), messages.delivered, tenant.id, lookedAt],
      );
      return messages.delivered;
    },
  },
  {
    check: 'messages-are-charged-once',
    what: 'a rejected message that kept its charge',
    async corrupt({ corrupt, messages }) {
      await corrupt(`UPDATE messages SET state = 'rejected', finished_at = $2 WHERE id = $1`, [
        messages.sentForGood,
        lookedAt,
      ]);
      return messages.sentForGood;
    },
  },
  {
    check: 'messages-are-charged-once',
    what: 'a refund of a message that was never charged',
    async corrupt({ corrupt, messages, tenant }) {
      await corrupt(`UPDATE ledger_entries SET message_id = $2 WHERE message_id = $1`, [
        messages.refunded,
        messages.failed,
      ]);
      await corrupt(
        `UPDATE ledger_entries SET kind = 'adjustment' WHERE message_id = $1 AND kind = 'sms_send'`,
        [messages.failed],
      );
      await corrupt(`UPDATE usage_events SET source_id = $2 WHERE source_id = $1`, [
        `${messages.refunded} refund`,
        `${messages.failed} refund`,
      ]);
      await corrupt(`UPDATE usage_events SET meter = 'moved' WHERE source_id = $1`, [messages.refunded]);
      await corrupt(`UPDATE usage_rollups SET meter = 'gone' WHERE tenant_id <> $1 OR true`, [tenant.id]);
      return messages.failed;
    },
  },
  {
    check: 'delivered-messages-are-charged',
    what: 'a delivered message that was charged less than quoted',
    async corrupt({ corrupt, messages }) {
      await corrupt('UPDATE messages SET price_micros = price_micros + 1 WHERE id = $1', [
        messages.delivered,
      ]);
      return messages.delivered;
    },
  },
  {
    check: 'ended-messages-hold-no-credit',
    what: 'a delivered message whose reservation is still open',
    async corrupt({ corrupt, messages }) {
      await corrupt(
        `UPDATE credit_reservations SET state = 'open', resolved_at = NULL WHERE message_id = $1`,
        [messages.delivered],
      );
      await corrupt('UPDATE accounts SET reserved_micros = reserved_micros + 1500000');
      return messages.delivered;
    },
  },
  {
    check: 'test-messages-cost-nothing',
    what: 'a reservation of a test message',
    async corrupt({ corrupt, messages, tenant }) {
      await corrupt(
        `INSERT INTO credit_reservations (message_id, tenant_id, currency, amount_micros, state, opened_at, resolved_at)
         VALUES ($1, $2, 'CZK', 1, 'released', $3, $3)`,
        [messages.test, tenant.id, lookedAt],
      );
      return messages.test;
    },
  },
  {
    check: 'balance-is-the-sum-of-entries',
    what: 'a balance that is a millionth off',
    async corrupt(books) {
      await books.corrupt('UPDATE accounts SET balance_micros = balance_micros + 1');
      return account(books);
    },
  },
  {
    check: 'entries-form-a-chain',
    what: 'an entry that was removed from the end, together with its amount',
    async corrupt(books) {
      await books.corrupt('UPDATE accounts SET entry_count = entry_count + 1');
      return account(books);
    },
  },
  {
    check: 'entries-form-a-chain',
    what: 'a gap in the numbers',
    async corrupt({ corrupt, prisma }) {
      const last = await prisma.ledgerEntry.findFirstOrThrow({ orderBy: { sequence: 'desc' } });
      await corrupt('UPDATE ledger_entries SET sequence = sequence + 1 WHERE id = $1', [last.id]);
      return last.id;
    },
  },
  {
    check: 'entries-form-a-chain',
    what: 'an entry that begins with another balance than the last one left',
    async corrupt({ corrupt, prisma }) {
      const last = await prisma.ledgerEntry.findFirstOrThrow({ orderBy: { sequence: 'desc' } });
      await corrupt(
        'UPDATE ledger_entries SET balance_before_micros = balance_before_micros + 1, balance_after_micros = balance_after_micros + 1 WHERE id = $1',
        [last.id],
      );
      return last.id;
    },
  },
  {
    check: 'reserved-is-the-sum-of-open-reservations',
    what: 'credit held for nothing',
    async corrupt(books) {
      await books.corrupt('UPDATE accounts SET reserved_micros = reserved_micros + 1');
      return account(books);
    },
  },
];
