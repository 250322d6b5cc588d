import { type AccountChange, accountKey, changeAccounts, lockAccounts } from '../credit/accounts.ts';
import { appendEntries, chainEntries, type NewEntry } from '../credit/ledger.ts';
import { wakeHeldMessages } from '../messages/held-messages.ts';
import type { Db } from '../runtime/database.ts';

/**
 * Books entries of invoices, whose rows the caller has locked, on the accounts concerned, and wakes the
 * messages that waited for the credit. Throws RangeError for a tenant without an account in that currency.
 */
export async function bookEntries(db: Db, entries: readonly NewEntry[], at: Date): Promise<void> {
  if (entries.length === 0) return;
  const accounts = await lockAccounts(db, entries);
  const chained = chainEntries(accounts, entries);
  await appendEntries(db, chained, at);
  await changeAccounts(
    db,
    accounts.map(({ tenantId, currency }): AccountChange => {
      const own = chained.filter((entry) => accountKey(entry) === accountKey({ tenantId, currency }));
      return {
        tenantId,
        currency,
        balanceMicros: own.reduce((sum, { amountMicros }) => sum + amountMicros, 0n),
        reservedMicros: 0n,
        entryCount: BigInt(own.length),
      };
    }),
  );
  const given = new Set(
    entries.filter(({ amountMicros }) => amountMicros > 0n).map(({ tenantId }) => tenantId),
  );
  // Whoever holds a message for credit has its account locked meanwhile, so none is missed.
  for (const tenantId of given) await wakeHeldMessages(db, { reason: 'credit', tenantId }, at);
}
