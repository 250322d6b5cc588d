import { newId } from '../../src/ids/ids.ts';
import { lookedAt } from './correct-books.ts';
import { type Fault, slipInEntry, slipInUsage } from './fault.ts';

export const messageFaults: readonly Fault[] = [
  {
    check: 'messages-have-a-way-forward',
    what: 'a submitted message that nobody will look at',
    async make({ corrupt, messages }) {
      await corrupt('UPDATE messages SET wake_at = NULL WHERE id = $1', [messages.waiting]);
      return messages.waiting;
    },
  },
  {
    check: 'messages-have-a-way-forward',
    what: 'a sent message that was left alone before its deadline',
    async make({ corrupt, messages }) {
      const deadline = new Date(lookedAt.getTime() + 1);
      await corrupt('UPDATE messages SET report_deadline = $2 WHERE id = $1', [
        messages.sentForGood,
        deadline,
      ]);
      return messages.sentForGood;
    },
  },
  {
    check: 'messages-have-a-way-forward',
    what: 'a state that the code does not know',
    async make({ corrupt, alter, messages }) {
      await alter('ALTER TABLE messages DROP CONSTRAINT messages_state');
      await corrupt("UPDATE messages SET state = 'lost' WHERE id = $1", [messages.waiting]);
      return messages.waiting;
    },
  },
  {
    check: 'hand-overs-are-numbered',
    what: 'a first attempt that has number two',
    async make({ corrupt, messages }) {
      await corrupt('UPDATE message_attempts SET number = 2 WHERE message_id = $1', [messages.delivered]);
      return messages.delivered;
    },
  },
  {
    check: 'hand-overs-are-numbered',
    what: 'a message that was handed over more often than it says',
    async make({ corrupt, messages }) {
      await corrupt('UPDATE messages SET attempt_count = 0 WHERE id = $1', [messages.delivered]);
      return messages.delivered;
    },
  },
  {
    check: 'hand-overs-are-numbered',
    what: 'a message that the provider accepted twice',
    async make({ corrupt, messages, tenant }) {
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
    async make({ corrupt, messages }) {
      await corrupt("UPDATE messages SET state = 'rejected', finished_at = $2 WHERE id = $1", [
        messages.sentForGood,
        lookedAt,
      ]);
      return messages.sentForGood;
    },
  },
  {
    check: 'messages-are-charged-once',
    what: 'a message that was charged twice',
    async make(books) {
      const messageId = books.messages.sentForGood;
      await books.alter('DROP INDEX ledger_entries_one_charge_per_message');
      await slipInEntry(books, { kind: 'sms_send', amountMicros: -1_500_000n, messageId });
      return messageId;
    },
  },
  {
    check: 'delivered-messages-are-charged',
    what: 'a delivered message whose price was given back and not taken again',
    async make(books) {
      const messageId = books.messages.delivered;
      await slipInEntry(books, { kind: 'refund', amountMicros: 1_500_000n, messageId });
      await slipInUsage(books, { sourceId: `${messageId} refund`, amountMicros: -1_500_000n });
      return messageId;
    },
  },
  {
    check: 'messages-are-charged-once',
    what: 'a price taken again that was never given back',
    async make(books) {
      const messageId = books.messages.sentForGood;
      await slipInEntry(books, { kind: 'refund_reversal', amountMicros: -1_500_000n, messageId });
      await slipInUsage(books, { sourceId: `${messageId} refund reversal`, amountMicros: 1_500_000n });
      return messageId;
    },
  },
  {
    check: 'delivered-messages-are-charged',
    what: 'a delivered message that was charged a millionth less than quoted',
    async make({ corrupt, messages }) {
      await corrupt('UPDATE messages SET price_micros = price_micros + 1 WHERE id = $1', [
        messages.delivered,
      ]);
      return messages.delivered;
    },
  },
  {
    check: 'ended-messages-hold-no-credit',
    what: 'a failed message whose reservation is still open',
    async make({ corrupt, messages }) {
      await corrupt(
        "UPDATE credit_reservations SET state = 'open', resolved_at = NULL WHERE message_id = $1",
        [messages.failed],
      );
      await corrupt('UPDATE accounts SET reserved_micros = reserved_micros + 1500000');
      return messages.failed;
    },
  },
  {
    check: 'test-messages-cost-nothing',
    what: 'a reservation of a test message',
    async make({ corrupt, messages, tenant }) {
      await corrupt(
        `INSERT INTO credit_reservations (message_id, tenant_id, currency, amount_micros, state, opened_at, resolved_at)
         VALUES ($1, $2, 'CZK', 1, 'released', $3, $3)`,
        [messages.test, tenant.id, lookedAt],
      );
      return messages.test;
    },
  },
];
