import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import { type AccountChange, accountKey, changeAccounts } from './accounts.ts';
import type { CreditNeed } from './fit-within-credit.ts';

/**
 * Holds credit for messages whose accounts the caller has locked and found sufficient. The database
 * refuses what exceeds the available credit (constraint accounts_available), and a second
 * reservation for a message.
 */
export async function reserveCredit(db: Db, needs: readonly CreditNeed[], at: Date): Promise<void> {
  if (needs.length === 0) return;
  await db.$executeRaw`
    INSERT INTO credit_reservations (message_id, tenant_id, currency, amount_micros, state, opened_at)
    SELECT "messageId", "tenantId", currency, "amountMicros", 'open', ${at}
    FROM jsonb_to_recordset(${jsonRows(needs)}::jsonb) AS need(
      "messageId" uuid, "tenantId" uuid, currency text, "amountMicros" bigint)`;
  const changes = new Map<string, AccountChange>();
  for (const { tenantId, currency, amountMicros } of needs) {
    const key = accountKey({ tenantId, currency });
    const change = changes.get(key) ?? {
      tenantId,
      currency,
      balanceMicros: 0n,
      reservedMicros: 0n,
      entryCount: 0n,
    };
    changes.set(key, { ...change, reservedMicros: change.reservedMicros + amountMicros });
  }
  await changeAccounts(db, [...changes.values()]);
}
