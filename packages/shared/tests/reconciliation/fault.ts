import { newId } from '../../src/ids/ids.ts';
import { type Books, lookedAt } from './correct-books.ts';

/** One thing wrong in otherwise correct books. */
export type Fault = {
  /** The check that must find it. */
  check: string;
  what: string;
  /** Makes it so; returns the subject to be found. */
  make(books: Books): Promise<string>;
};

/** Subject of the tenant's account. */
export const accountOf = ({ tenant }: Books) => `${tenant.id} CZK`;

export type ForeignEntry = { kind: string; amountMicros: bigint; messageId?: string; reference?: string };

/** Appends an entry that nobody asked for, to a chain and a balance that stay right; returns its id. */
export async function slipInEntry(books: Books, { kind, amountMicros, messageId, reference }: ForeignEntry) {
  const id = newId();
  await books.corrupt(
    `INSERT INTO ledger_entries (id, tenant_id, currency, sequence, kind, amount_micros, balance_before_micros,
                                 balance_after_micros, message_id, reference, created_by, occurred_at)
     SELECT $1, tenant_id, currency, entry_count + 1, $2, $3, balance_micros, balance_micros + $3, $4, $5, 'test', now()
     FROM accounts`,
    [id, kind, amountMicros, messageId ?? null, reference ?? null],
  );
  await books.corrupt(
    'UPDATE accounts SET balance_micros = balance_micros + $1, entry_count = entry_count + 1',
    [amountMicros],
  );
  return id;
}

/** Adds usage of a message that is rolled up nowhere yet, as it was recorded just now. */
export async function slipInUsage(
  { corrupt, tenant }: Books,
  { sourceId, amountMicros }: { sourceId: string; amountMicros: bigint },
): Promise<void> {
  await corrupt(
    `INSERT INTO usage_events (id, tenant_id, meter, source_id, quantity, currency, unit_price_micros,
                               amount_micros, occurred_at, recorded_at)
     VALUES ($1, $2, 'sms_sent', $3, 1, 'CZK', 1, $4, $5, $5)`,
    [newId(), tenant.id, sourceId, amountMicros, lookedAt],
  );
}
