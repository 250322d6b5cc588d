import { bookEntries } from '../billing/book-entries.ts';
import type { LedgerEntry } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import { databaseCode } from '../runtime/failure.ts';
import { lockAccounts } from './accounts.ts';
import type { PaymentMethod } from './ledger.ts';

/** What an operator books by hand. An adjustment may take credit; the others give it. */
export type ManualEntry = {
  kind: 'purchase' | 'adjustment' | 'bonus';
  tenantId: string;
  currency: string;
  amountMicros: bigint;
  /** Unique per tenant: recording it again is found done. */
  reference: string;
  description: string;
  createdBy: string;
  /** Of a purchase. */
  paymentMethod?: PaymentMethod;
};

export type ManualEntryResult =
  | { kind: 'booked' | 'booked_before'; entry: LedgerEntry }
  /** The reference stands for something else. */
  | { kind: 'reference_used'; entry: LedgerEntry }
  | { kind: 'exceeds_available' };

/**
 * Books an operator's entry, once per reference, and wakes what waited for credit. A debit beyond what is
 * available is refused by the database; then the caller's transaction is lost and must be rolled back.
 * Throws RangeError for a tenant without an account in that currency.
 */
export async function recordEntry(db: Db, given: ManualEntry, at: Date): Promise<ManualEntryResult> {
  const { tenantId, currency, kind, amountMicros, reference } = given;
  // Under the account's lock nobody else books the same reference meanwhile.
  await lockAccounts(db, [{ tenantId, currency }]);
  const where = { tenantId, reference };
  const before = await db.ledgerEntry.findFirst({ where });
  if (before) {
    const isSame =
      before.kind === kind && before.currency === currency && before.amountMicros === amountMicros;
    return { kind: isSame ? 'booked_before' : 'reference_used', entry: before };
  }
  try {
    await bookEntries(db, [{ ...given, messageId: null }], at);
  } catch (error) {
    if (kind === 'adjustment' && amountMicros < 0n && databaseCode(error) === CHECK_VIOLATION) {
      return { kind: 'exceeds_available' };
    }
    throw error;
  }
  return { kind: 'booked', entry: await db.ledgerEntry.findFirstOrThrow({ where }) };
}

const CHECK_VIOLATION = '23514';
