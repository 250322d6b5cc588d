import { formatMicros } from '../money/money.ts';
import { notifyTenant } from '../notifications/notify-tenant.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { leaveCrossing, openCrossing } from './crossings.ts';

type WatchedAccount = {
  tenantId: string;
  currency: string;
  availableMicros: bigint;
  lineMicros: bigint | null;
  isCrossed: boolean;
};

export const BALANCES_PER_SWEEP = 500;

/**
 * Opens a crossing, and tells the tenant, where what is available has fallen below the tenant's line;
 * closes it once it is a tenth above again, so that a message that is reserved and released on the line
 * does not tell twice. Reads accounts without a lock, so sending never waits for it. Returns how many.
 */
export async function watchLowBalance(tx: Transaction, now: Date): Promise<number> {
  const changed = await findChanged(tx.db);
  for (const account of changed) {
    const { tenantId, currency, availableMicros, lineMicros, isCrossed } = account;
    if (isCrossed || lineMicros === null) {
      await leaveCrossing(tx.db, { tenantId, kind: 'low_balance' }, now);
      continue;
    }
    const content = {
      available: formatMicros(availableMicros),
      line: formatMicros(lineMicros),
      currency,
    };
    const id = await openCrossing(tx.db, { tenantId, kind: 'low_balance', line: '', detail: content }, now);
    if (id !== null) await notifyTenant(tx, { tenantId, kind: 'low_balance', subjectId: id, content }, now);
  }
  return changed.length;
}

function findChanged(db: Db): Promise<WatchedAccount[]> {
  return db.$queryRaw<WatchedAccount[]>`
    SELECT * FROM (
      SELECT t.id AS "tenantId", t.currency, b.low_balance_micros AS "lineMicros", c.id IS NOT NULL AS "isCrossed",
             a.balance_micros + a.credit_limit_micros - a.reserved_micros AS "availableMicros"
      FROM billing_settings b
      JOIN tenants t ON t.id = b.tenant_id
      JOIN accounts a ON a.tenant_id = t.id AND a.currency = t.currency
      LEFT JOIN alert_crossings c ON c.tenant_id = t.id AND c.kind = 'low_balance' AND c.left_at IS NULL
      WHERE (b.low_balance_micros IS NOT NULL AND t.status <> 'deleted') OR c.id IS NOT NULL
    ) watched
    WHERE CASE WHEN "isCrossed" THEN coalesce("availableMicros" >= "lineMicros" + "lineMicros" / 10, true)
               ELSE "availableMicros" < "lineMicros" END
    LIMIT ${BALANCES_PER_SWEEP}`;
}
