import type { Db } from '../runtime/database.ts';
import {
  type Account,
  type AccountChange,
  type AccountRef,
  accountKey,
  changeAccounts,
  lockAccounts,
} from './accounts.ts';
import { appendEntries, chainEntries, type NewEntry } from './ledger.ts';

/** A message's price, to be charged, let go or given back. */
export type Charge = AccountRef & { messageId: string; priceMicros: bigint };

export type CreditSettlement = { capture: Charge[]; release: Charge[]; refund: Charge[] };

/** The charges that this settlement really took and gave back. */
export type SettledCharges = { captured: Charge[]; refunded: Charge[] };

type Resolved = AccountRef & { messageId: string; amountMicros: bigint };

/**
 * Resolves reservations: a capture takes the price from the balance and appends one `sms_send` entry,
 * whether or not its reservation is still open; a release lets it go; a refund gives a captured price
 * back once. Doing any of them again changes nothing. The caller holds the messages' locks.
 * Returns what was captured and refunded now.
 */
export async function settleCredit(db: Db, settlement: CreditSettlement, at: Date): Promise<SettledCharges> {
  const { capture, release, refund } = settlement;
  if (capture.length + release.length + refund.length === 0) return { captured: [], refunded: [] };
  const accounts = await lockAccounts(
    db,
    [...capture, ...release, ...refund].map(({ tenantId, currency }) => ({ tenantId, currency })),
  );
  const resolved = [
    ...(await resolveReservations(db, 'captured', capture, at)),
    ...(await resolveReservations(db, 'released', release, at)),
  ];
  const booked = await bookedEntries(db, [...capture, ...refund]);
  const captured = capture.filter(({ messageId }) => !booked.has(`sms_send ${messageId}`));
  const refunded = refund.filter(
    ({ messageId }) => booked.has(`sms_send ${messageId}`) && !booked.has(`refund ${messageId}`),
  );
  const entries = chainEntries(accounts, [
    ...captured.map((charge) => messageEntry('sms_send', charge, -charge.priceMicros)),
    ...refunded.map((charge) => messageEntry('refund', charge, charge.priceMicros)),
  ]);
  await appendEntries(db, entries, at);
  await changeAccounts(db, sumChanges(accounts, entries, resolved));
  return { captured, refunded };
}

async function resolveReservations(
  db: Db,
  state: 'captured' | 'released',
  charges: readonly Charge[],
  at: Date,
): Promise<Resolved[]> {
  if (charges.length === 0) return [];
  const ids = charges.map(({ messageId }) => messageId);
  return db.$queryRaw<Resolved[]>`
    UPDATE credit_reservations SET state = ${state}, resolved_at = ${at}
    WHERE message_id = ANY (${ids}::uuid[]) AND state = 'open'
    RETURNING message_id AS "messageId", tenant_id AS "tenantId", currency, amount_micros AS "amountMicros"`;
}

// The literal kinds let PostgreSQL use the two partial indexes; one IN would read the whole ledger.
async function bookedEntries(db: Db, charges: readonly Charge[]): Promise<Set<string>> {
  const ids = charges.map(({ messageId }) => messageId);
  const rows = await db.$queryRaw<{ entry: string }[]>`
    SELECT 'sms_send ' || message_id AS entry FROM ledger_entries
    WHERE kind = 'sms_send' AND message_id = ANY (${ids}::uuid[])
    UNION ALL SELECT 'refund ' || message_id FROM ledger_entries
    WHERE kind = 'refund' AND message_id = ANY (${ids}::uuid[])`;
  return new Set(rows.map(({ entry }) => entry));
}

function messageEntry(kind: 'sms_send' | 'refund', charge: Charge, amountMicros: bigint): NewEntry {
  const { tenantId, currency, messageId } = charge;
  return {
    kind,
    tenantId,
    currency,
    messageId,
    amountMicros,
    reference: null,
    description: null,
    createdBy: 'tollgate',
  };
}

function sumChanges(
  accounts: readonly Account[],
  entries: readonly NewEntry[],
  resolved: readonly Resolved[],
): AccountChange[] {
  return accounts.map(({ tenantId, currency }) => {
    const key = accountKey({ tenantId, currency });
    const own = entries.filter((entry) => accountKey(entry) === key);
    const freed = resolved.filter((reservation) => accountKey(reservation) === key);
    return {
      tenantId,
      currency,
      balanceMicros: own.reduce((sum, { amountMicros }) => sum + amountMicros, 0n),
      reservedMicros: -freed.reduce((sum, { amountMicros }) => sum + amountMicros, 0n),
      entryCount: BigInt(own.length),
    };
  });
}
