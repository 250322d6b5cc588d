import type { Db } from '../runtime/database.ts';
import type { EntryKind } from './ledger.ts';

/** What may be booked of one message, each kind at most once. */
export type MessageEntryKind = Extract<EntryKind, 'sms_send' | 'refund' | 'refund_reversal'>;

export type MessageEntry = {
  id: string;
  messageId: string;
  kind: MessageEntryKind;
  amountMicros: bigint;
  currency: string;
  occurredAt: Date;
};

/**
 * What was booked of the messages, oldest first. One branch per kind, as a constant: so each finds the
 * partial unique index of its kind, where one IN would read the whole ledger.
 */
export function readMessageEntries(db: Db, messageIds: readonly string[]): Promise<MessageEntry[]> {
  return db.$queryRaw<MessageEntry[]>`
    WITH booked AS (
      SELECT * FROM ledger_entries WHERE kind = 'sms_send' AND message_id = ANY (${messageIds}::uuid[])
      UNION ALL SELECT * FROM ledger_entries WHERE kind = 'refund' AND message_id = ANY (${messageIds}::uuid[])
      UNION ALL SELECT * FROM ledger_entries WHERE kind = 'refund_reversal' AND message_id = ANY (${messageIds}::uuid[]))
    SELECT id, message_id AS "messageId", kind, amount_micros AS "amountMicros", currency, occurred_at AS "occurredAt"
    FROM booked ORDER BY sequence`;
}

/** Whether the price stands taken: booked, and not given back for good. */
export function isCharged(entries: readonly Pick<MessageEntry, 'amountMicros'>[]): boolean {
  return entries.reduce((sum, { amountMicros }) => sum + amountMicros, 0n) < 0n;
}
