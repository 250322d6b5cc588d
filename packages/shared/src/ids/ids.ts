import { randomInt } from 'node:crypto';
import { v7, validate } from 'uuid';
import * as z from 'zod';
import { type Clock, systemClock } from '../time/clock.ts';

/** The prefixes of public ids and what each one names. */
export const idPrefixes = {
  msg: 'message',
  bat: 'batch',
  tnt: 'tenant',
  key: 'API key',
  att: 'attempt',
  txn: 'ledger entry',
  use: 'usage event',
  rol: 'roll-up',
  per: 'billing period',
  inv: 'invoice',
  fee: 'fee',
  psh: 'Stripe push',
  top: 'top-up',
  evt: 'event',
  rcv: 'received message',
  dlq: 'dead letter',
  op: 'operation',
  prc: 'price',
  alr: 'alert',
  hst: 'line of history',
} as const;

export type IdPrefix = keyof typeof idPrefixes;

// The last id's millisecond and sequence, so that a batch accepted within one millisecond keeps its order.
let last = { msecs: -1, seq: 0 };

/**
 * A new UUIDv7 (RFC 9562) stamped by the clock, in the lower-case form with dashes that PostgreSQL
 * stores. Ids made one after another in a process sort in that order while the clock does not go back.
 */
export function newId(clock: Clock = systemClock): string {
  const msecs = clock.now().getTime();
  // A random start below 2^31 leaves as many ids again before the 32-bit sequence would overflow.
  last = { msecs, seq: msecs === last.msecs ? last.seq + 1 : randomInt(2 ** 31) };
  return v7(last);
}

/** The id as the outside sees it: `msg_` and 32 lower-case hexadecimal digits. Throws TypeError if it is no UUID. */
export function toPublicId(prefix: IdPrefix, uuid: string): string {
  if (!validate(uuid)) throw new TypeError(`${JSON.stringify(uuid)} is not a UUID`);
  return `${prefix}_${uuid.replaceAll('-', '').toLowerCase()}`;
}

/** The UUID behind a public id, or null when the text is malformed or names another kind of thing. */
export function fromPublicId(prefix: IdPrefix, text: string): string | null {
  if (!text.startsWith(`${prefix}_`)) return null;
  const groups = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(
    text.slice(prefix.length + 1),
  );
  const uuid = groups?.slice(1).join('-');
  return uuid !== undefined && validate(uuid) ? uuid : null;
}

/** A schema that reads a public id of one kind and gives its UUID. */
export function publicId(prefix: IdPrefix) {
  return z.string().transform((text, context) => {
    const uuid = fromPublicId(prefix, text);
    if (uuid !== null) return uuid;
    const message = `expected a public id (${idPrefixes[prefix]}): ${prefix}_ and 32 lower-case hexadecimal digits`;
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  });
}
