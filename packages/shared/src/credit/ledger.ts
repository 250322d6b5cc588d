import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import { type Account, type AccountRef, accountKey } from './accounts.ts';

export type EntryKind =
  | 'purchase'
  | 'sms_send'
  | 'refund'
  | 'refund_reversal'
  | 'purchase_refund'
  | 'adjustment'
  | 'bonus'
  | 'invoice_payment'
  | 'dispute';

/** How money comes and goes. */
export const paymentMethods = ['stripe', 'bank_transfer', 'card', 'cash', 'sippy', 'other'] as const;

export type PaymentMethod = (typeof paymentMethods)[number];

/** An entry to append: positive amounts give credit, negative ones take it. */
export type NewEntry = AccountRef & {
  kind: EntryKind;
  amountMicros: bigint;
  messageId: string | null;
  reference: string | null;
  description: string | null;
  createdBy: string;
  /** Of what stands for money: a purchase, a payment, and their going back. */
  paymentMethod?: PaymentMethod | null;
};

export type ChainedEntry = NewEntry & {
  id: string;
  sequence: bigint;
  balanceBeforeMicros: bigint;
  balanceAfterMicros: bigint;
};

/**
 * Gives each entry its place in its account: the next sequence number and the balance before and
 * after. Throws RangeError for an entry whose account is not among the locked ones.
 */
export function chainEntries(accounts: readonly Account[], entries: readonly NewEntry[]): ChainedEntry[] {
  const ends = new Map(
    accounts.map((a) => [accountKey(a), { balance: a.balanceMicros, sequence: a.entryCount }]),
  );
  return entries.map((entry) => {
    const end = ends.get(accountKey(entry));
    if (!end) throw new RangeError(`tenant ${entry.tenantId} has no account in ${entry.currency}`);
    const balanceBeforeMicros = end.balance;
    end.balance += entry.amountMicros;
    end.sequence += 1n;
    return {
      ...entry,
      id: newId(),
      sequence: end.sequence,
      balanceBeforeMicros,
      balanceAfterMicros: end.balance,
    };
  });
}

/** Appends chained entries; the caller holds the accounts' locks and moves their balances alike. */
export async function appendEntries(
  db: Db,
  entries: readonly ChainedEntry[],
  occurredAt: Date,
): Promise<void> {
  if (entries.length === 0) return;
  await db.$executeRaw`
    INSERT INTO ledger_entries (id, tenant_id, currency, sequence, kind, amount_micros, balance_before_micros,
                                balance_after_micros, message_id, reference, description, created_by, payment_method,
                                occurred_at)
    SELECT id, "tenantId", currency, sequence, kind, "amountMicros", "balanceBeforeMicros",
           "balanceAfterMicros", "messageId", reference, description, "createdBy", "paymentMethod",
           ${occurredAt}
    FROM jsonb_to_recordset(${jsonRows(entries)}::jsonb) AS e(
      id uuid, "tenantId" uuid, currency text, sequence bigint, kind text, "amountMicros" bigint,
      "balanceBeforeMicros" bigint, "balanceAfterMicros" bigint, "messageId" uuid, reference text,
      description text, "createdBy" text, "paymentMethod" text)`;
}
