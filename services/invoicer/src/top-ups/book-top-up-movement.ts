import { bookEntries } from '@tollgate/shared/billing/book-entries.ts';
import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import type { EntryKind } from '@tollgate/shared/credit/ledger.ts';
import { minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';

export type Movement = {
  kind: Extract<EntryKind, 'purchase_refund' | 'dispute'>;
  /** One movement per reference, ever. */
  reference: string;
  /** Negative takes credit. */
  amountMinor: bigint;
  description: string;
};

/**
 * Takes credit of a top-up back, or gives it again, once per reference. Returns whether it did now. The
 * account may go below zero by it: then nothing more is sent until it is topped up.
 */
export async function bookMovement(
  db: Db,
  { tenantId, currency }: TopUpRow,
  { kind, reference, amountMinor, description }: Movement,
  at: Date,
): Promise<boolean> {
  await lockAccounts(db, [{ tenantId, currency }]);
  if ((await findMovement(db, tenantId, reference)) !== null || amountMinor === 0n) return false;
  const amountMicros = minorUnitsToMicros(amountMinor, currency);
  const entry = {
    tenantId,
    currency,
    kind,
    amountMicros,
    messageId: null,
    reference,
    description,
    createdBy: 'tollgate',
    paymentMethod: 'stripe' as const,
  };
  await bookEntries(db, [entry], at);
  return true;
}

/** The amount in micros that was booked under a reference, or null. */
export async function findMovement(db: Db, tenantId: string, reference: string): Promise<bigint | null> {
  const entry = await db.ledgerEntry.findFirst({
    where: { tenantId, reference },
    select: { amountMicros: true },
  });
  return entry?.amountMicros ?? null;
}
