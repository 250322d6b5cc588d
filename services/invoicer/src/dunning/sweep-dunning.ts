import { readIssuer } from '@tollgate/shared/billing/issuer.ts';
import { applyDunning } from '@tollgate/shared/dunning/apply-dunning.ts';
import { sendReminders } from '@tollgate/shared/dunning/send-reminders.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';

/** The most of each that one sweep does; the next one goes on. */
export const DUNNING_ROWS_MAX = 100;

/**
 * Looks at what is unpaid: reminds, restrains and lifts. What is due follows from the rows alone, so a
 * look that was missed is made up for by the next, and one too many does nothing. Returns what it did.
 */
export async function sweepDunning(tx: Transaction, now: Date): Promise<number> {
  const today = localDate(now, (await readIssuer(tx.db)).timeZone);
  const look = { today, limit: DUNNING_ROWS_MAX };
  // Reminders touch invoices and dunning accounts: the order in which a payment locks them.
  const reminded = await sendReminders(tx, look, now);
  return reminded + (await applyDunning(tx, look, now));
}
