import { takeBackCounts } from '../guards/take-back-counts.ts';
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
import { type MessageEntryKind, readMessageEntries } from './message-entries.ts';

/** A message's price, to be charged, let go or given back. */
export type Charge = AccountRef & {
  messageId: string;
  priceMicros: bigint;
  /** Who gives it back and why, where that is a person. */
  by?: { createdBy: string; description: string };
};

export type CreditSettlement = { capture: Charge[]; release: Charge[]; refund: Charge[] };

/** The charges that this settlement really took, gave back, and took again after giving them back. */
export type SettledCharges = { captured: Charge[]; refunded: Charge[]; recaptured: Charge[] };

type Resolved = AccountRef & { messageId: string; amountMicros: bigint };

/**
 * Resolves reservations: a capture takes the price from the balance and appends one `sms_send` entry,
 * whether or not its reservation is still open; a release lets it go; a refund gives a captured price
 * back once, and a capture after it takes that back once (`refund_reversal`). Doing any of them again
 * changes nothing. The caller holds the messages' locks. Returns what was booked now.
 */
export async function settleCredit(db: Db, settlement: CreditSettlement, at: Date): Promise<SettledCharges> {
  const { capture, release, refund } = settlement;
  if (capture.length + release.length + refund.length === 0) return nothing;
  const accounts = await lockAccounts(
    db,
    [...capture, ...release, ...refund].map(({ tenantId, currency }) => ({ tenantId, currency })),
  );
  const released = await resolveReservations(db, 'released', release, at);
  const resolved = [...(await resolveReservations(db, 'captured', capture, at)), ...released];
  await takeBackCounts(
    db,
    released.map(({ messageId }) => messageId),
  );
  const entriesBefore = await readMessageEntries(
    db,
    [...capture, ...refund].map(({ messageId }) => messageId),
  );
  const booked = new Set(entriesBefore.map(({ kind, messageId }) => `${kind} ${messageId}`));
  const isBooked = (kind: MessageEntryKind, { messageId }: Charge) => booked.has(`${kind} ${messageId}`);
  const captured = capture.filter((charge) => !isBooked('sms_send', charge));
  const refunded = refund.filter((charge) => isBooked('sms_send', charge) && !isBooked('refund', charge));
  const recaptured = capture.filter(
    (charge) => isBooked('refund', charge) && !isBooked('refund_reversal', charge),
  );
  const entries = chainEntries(accounts, [
    ...captured.map((charge) => messageEntry('sms_send', charge, -charge.priceMicros)),
    ...refunded.map((charge) => messageEntry('refund', charge, charge.priceMicros)),
    ...recaptured.map((charge) => messageEntry('refund_reversal', charge, -charge.priceMicros)),
  ]);
  await appendEntries(db, entries, at);
  await changeAccounts(db, sumChanges(accounts, entries, resolved));
  return { captured, refunded, recaptured };
}

const nothing: SettledCharges = { captured: [], refunded: [], recaptured: [] };

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

function messageEntry(kind: MessageEntryKind, charge: Charge, amountMicros: bigint): NewEntry {
  const { tenantId, currency, messageId, by } = charge;
  return {
    kind,
    tenantId,
    currency,
    messageId,
    amountMicros,
    reference: null,
    description: by?.description ?? null,
    createdBy: by?.createdBy ?? 'tollgate',
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
