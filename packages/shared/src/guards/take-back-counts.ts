import type { Db } from '../runtime/database.ts';
import { subtractCounts } from './guard-counters.ts';
import type { GuardRules } from './guard-rules.ts';
import { createWindowsOf, spansAt } from './guard-windows.ts';
import { sumWindows } from './sum-windows.ts';

type CountedMessage = {
  id: string;
  tenantId: string;
  country: string;
  recipient: string;
  segments: number;
  priceMicros: bigint;
  timeZone: string;
  countedAt: Date;
};

/**
 * Takes messages whose reservation was released out of the day, month and country in which they were
 * counted: what is never charged uses up nothing. Minutes are over by then, and a recipient's count is
 * of hand-overs. The caller holds the tenants' account locks and names each message once, ever.
 */
export async function takeBackCounts(db: Db, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  const messages = await db.$queryRaw<CountedMessage[]>`
    SELECT m.id, m.tenant_id AS "tenantId", m.country, m.recipient, m.segments, m.price_micros AS "priceMicros",
           t.time_zone AS "timeZone", r.opened_at AS "countedAt"
    FROM messages m JOIN credit_reservations r ON r.message_id = m.id JOIN tenants t ON t.id = m.tenant_id
    WHERE m.id = ANY (${messageIds}::uuid[])`;
  const windowsOf = (message: CountedMessage) =>
    createWindowsOf({ ...unlimited, ...message }, spansAt(message.countedAt, message.timeZone))(message);
  await subtractCounts(db, sumWindows(messages, windowsOf));
}

/** Without limits a message counts in its day, month and country. */
const unlimited: Omit<GuardRules, 'tenantId' | 'timeZone'> = {
  unit: 'segments',
  onReached: 'reject',
  minute: null,
  day: null,
  month: null,
  recipientDay: null,
  countryDay: {},
};
