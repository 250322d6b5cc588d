import { normaliseBody } from './normalise-body.ts';

/** The longest body in characters that SMS Manager takes; it silently cuts what is longer (JSON API v2, `body`). */
export const PROVIDER_BODY_LIMIT = 1_000;

/** A text longer than this stays over the limit however it is normalised; nobody has to look at it any closer. */
export const RAW_BODY_LIMIT = 10 * PROVIDER_BODY_LIMIT;

export type BodyLengthCheck =
  | { ok: true }
  | { ok: false; reason: 'empty' | 'too_long'; length: number; limit: number; detail: string };

/**
 * Whether a body may be sent. Its length is that of the normalised body in UTF-16 units, the largest
 * number of characters that a provider could count, so an accepted body is never cut.
 */
export function checkBodyLength(body: string): BodyLengthCheck {
  const { length } = normaliseBody(body);
  const refused = { ok: false, length, limit: PROVIDER_BODY_LIMIT } as const;
  if (length === 0) return { ...refused, reason: 'empty', detail: 'the body is empty' };
  if (length <= PROVIDER_BODY_LIMIT) return { ok: true };
  const detail = `the body has ${length} characters, the limit is ${PROVIDER_BODY_LIMIT}`;
  return { ...refused, reason: 'too_long', detail };
}
