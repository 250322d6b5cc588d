import { wakeHeldMessages } from '../messages/held-messages.ts';
import type { Db } from '../runtime/database.ts';
import { changeAccounts, lockAccounts } from './accounts.ts';
import { appendEntries, chainEntries, type PaymentMethod } from './ledger.ts';

export type Purchase = {
  tenantId: string;
  currency: string;
  amountMicros: bigint;
  /** The payment's own reference: recording it again is refused by the database. */
  reference: string;
  description: string;
  createdBy: string;
  paymentMethod?: PaymentMethod;
};

/** Gives credit for a payment and wakes the messages that waited for credit; throws RangeError for a tenant without an account in that currency. */
export async function recordPurchase(db: Db, purchase: Purchase, at: Date): Promise<void> {
  const { tenantId, currency, amountMicros } = purchase;
  const accounts = await lockAccounts(db, [{ tenantId, currency }]);
  const entries = chainEntries(accounts, [{ ...purchase, kind: 'purchase', messageId: null }]);
  await appendEntries(db, entries, at);
  await changeAccounts(db, [
    { tenantId, currency, balanceMicros: amountMicros, reservedMicros: 0n, entryCount: 1n },
  ]);
  // Whoever holds a message for credit has this account locked meanwhile, so none is missed.
  await wakeHeldMessages(db, { reason: 'credit', tenantId }, at);
}
