import { newId } from '@tollgate/shared/ids/ids.ts';
import { minorUnits } from '@tollgate/shared/money/money.ts';
import { advanceTopUp } from '@tollgate/shared/queues/catalog.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { jsonRows } from '@tollgate/shared/runtime/json-rows.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { topUpKey } from '@tollgate/shared/stripe/top-ups.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';

const ROWS_PER_SWEEP = 500;

/** A fault elsewhere must not empty a card: so many automatic top-ups a day at most. */
const PER_DAY_MAX = 10;

type Due = { tenantId: string; currency: string; amountMicros: bigint };

/**
 * Opens an automatic top-up for every tenant whose credit is below its line, at most one at a time, and
 * wakes it. Returns how many were opened.
 */
export async function openAutomaticTopUps(tx: Transaction, now: Date): Promise<number> {
  const due = await findDue(tx.db, now);
  if (due.length === 0) return 0;
  const ids = await insertAll(tx.db, due, now);
  for (const topUpId of ids) tx.enqueue(advanceTopUp, { topUpId });
  return ids.length;
}

async function findDue(db: Db, now: Date): Promise<Due[]> {
  return db.$queryRaw<Due[]>`
    SELECT s.tenant_id AS "tenantId", t.currency, s.top_up_amount_micros AS "amountMicros"
    FROM billing_settings s
    JOIN tenants t ON t.id = s.tenant_id AND t.status = 'active'
    JOIN accounts a ON a.tenant_id = s.tenant_id AND a.currency = t.currency
    WHERE s.top_up_enabled
      AND a.balance_micros + a.credit_limit_micros - a.reserved_micros < s.top_up_below_micros
      AND NOT EXISTS (
        SELECT 1 FROM top_ups u
        WHERE u.tenant_id = s.tenant_id AND u.currency = t.currency AND u.kind = 'automatic'
          AND u.state IN ('created', 'pending', 'needs_human'))
      AND (SELECT count(*) FROM top_ups u
           WHERE u.tenant_id = s.tenant_id AND u.kind = 'automatic'
             AND u.created_at > ${now}::timestamptz - interval '1 day') < ${PER_DAY_MAX}
    ORDER BY s.tenant_id
    LIMIT ${ROWS_PER_SWEEP}`;
}

async function insertAll(db: Db, due: readonly Due[], now: Date): Promise<string[]> {
  const rows = due.map(({ tenantId, currency, amountMicros }) => {
    const id = newId();
    const netMinor = amountMicros / 10n ** BigInt(6 - minorUnits(currency));
    return { id, tenantId, currency, netMinor, key: topUpKey(id, 1) };
  });
  const wakeAt = new Date(now.getTime() + MINUTE_MS);
  const opened = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO top_ups (id, tenant_id, currency, kind, state, net_minor, params, idempotency_key, created_at, created_by, wake_at)
    SELECT id, "tenantId", currency, 'automatic', 'created', "netMinor", '{}', key, ${now}, 'tollgate', ${wakeAt}
    FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS r(
      id uuid, "tenantId" uuid, currency text, "netMinor" bigint, key text)
    ON CONFLICT DO NOTHING
    RETURNING id`;
  return opened.map(({ id }) => id);
}
