import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import { SECOND_MS } from '../time/durations.ts';
import { mayHaveBeenTaken } from './attempts.ts';

/** A failed message to be sent once more, as a message of its own. */
export type MessageReplay = {
  id: string;
  replayOf: string;
  /** The text of the failed message, sealed for the new one. */
  bodyEncrypted: Uint8Array;
  notBefore: Date;
};

/** The sweeper sends what its job did not within this time. */
const FIRST_WAKE_UP_MS = 30 * SECOND_MS;

/**
 * Stores new messages that repeat failed ones: quoted and addressed as before, accepted now, over when
 * the first was to be over. Returns the ids of those that are new: a second replay of a message is
 * refused by the database.
 */
export async function replayMessages(
  db: Db,
  replays: readonly MessageReplay[],
  acceptedAt: Date,
): Promise<string[]> {
  if (replays.length === 0) return [];
  const rows = replays.map((replay) => ({
    ...replay,
    wakeAt: new Date(replay.notBefore.getTime() + FIRST_WAKE_UP_MS),
  }));
  const stored = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO messages (id, replay_of, tenant_id, mode, category, recipient, country, sender, body_encrypted, encoding,
      segments, currency, unit_price_micros, priced_per, price_micros, charge_on, state, reference, campaign,
      metadata, callback_url, trace_parent, accepted_at, not_before, expires_at, wake_at)
    SELECT r.id, m.id, m.tenant_id, m.mode, m.category, m.recipient, m.country, m.sender, r."bodyEncrypted", m.encoding,
      m.segments, m.currency, m.unit_price_micros, m.priced_per, m.price_micros, m.charge_on, 'accepted', m.reference, m.campaign,
      m.metadata, m.callback_url, m.trace_parent, ${acceptedAt}, r."notBefore", m.expires_at, r."wakeAt"
    FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS r(
      id uuid, "replayOf" uuid, "bodyEncrypted" bytea, "notBefore" timestamptz, "wakeAt" timestamptz)
    JOIN messages m ON m.id = r."replayOf"
    WHERE m.state = 'failed' AND m.expires_at > ${acceptedAt} AND NOT ${mayHaveBeenTaken}
    ON CONFLICT (replay_of) WHERE replay_of IS NOT NULL DO NOTHING
    RETURNING id`;
  return stored.map(({ id }) => id);
}
