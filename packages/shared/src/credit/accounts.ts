import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

export type AccountRef = { tenantId: string; currency: string };

/** available = balance + creditLimit - reserved; all in micros of the account's currency. */
export type Account = AccountRef & {
  balanceMicros: bigint;
  reservedMicros: bigint;
  creditLimitMicros: bigint;
  entryCount: bigint;
};

/** Key of an account in maps. */
export function accountKey({ tenantId, currency }: AccountRef): string {
  return `${tenantId} ${currency}`;
}

/**
 * Locks the accounts in one order everywhere, by a SELECT of its own: locking inside UPDATE … FROM
 * takes rows in the order of the plan and deadlocks. Messages are locked before accounts.
 */
export function lockAccounts(db: Db, accounts: readonly AccountRef[]): Promise<Account[]> {
  return db.$queryRaw<Account[]>`
    SELECT tenant_id AS "tenantId", currency, balance_micros AS "balanceMicros",
           reserved_micros AS "reservedMicros", credit_limit_micros AS "creditLimitMicros",
           entry_count AS "entryCount"
    FROM accounts
    WHERE (tenant_id, currency) IN (
      SELECT DISTINCT "tenantId", currency
      FROM jsonb_to_recordset(${jsonRows(accounts)}::jsonb) AS ref("tenantId" uuid, currency text))
    ORDER BY tenant_id, currency
    FOR UPDATE`;
}

/** Reads one account without a lock; null when the tenant has none in that currency. */
export async function readAccount(db: Db, { tenantId, currency }: AccountRef): Promise<Account | null> {
  return db.account.findUnique({ where: { tenantId_currency: { tenantId, currency } } });
}

export type AccountChange = AccountRef & {
  balanceMicros: bigint;
  reservedMicros: bigint;
  entryCount: bigint;
};

/** Adds the changes to locked accounts; `entryCount` is the number of entries appended. */
export async function changeAccounts(db: Db, changes: readonly AccountChange[]): Promise<void> {
  if (changes.length === 0) return;
  await db.$executeRaw`
    UPDATE accounts a
    SET balance_micros = a.balance_micros + c."balanceMicros",
        reserved_micros = a.reserved_micros + c."reservedMicros",
        entry_count = a.entry_count + c."entryCount"
    FROM jsonb_to_recordset(${jsonRows(changes)}::jsonb) AS c(
      "tenantId" uuid, currency text, "balanceMicros" bigint, "reservedMicros" bigint, "entryCount" bigint)
    WHERE a.tenant_id = c."tenantId" AND a.currency = c.currency`;
}

/** Reads the tenants' accounts without a lock. */
export function listAccounts(db: Db, tenantIds: readonly string[]): Promise<Account[]> {
  return db.account.findMany({ where: { tenantId: { in: [...tenantIds] } } });
}
