import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `X-Request-Signature` is the lower-case hex HMAC-SHA256 of the raw body under the account's
 * callback secret; compared in constant time.
 */
export function isSignatureValid(body: string, signature: string | undefined, secret: string): boolean {
  const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'));
  const given = Buffer.from(signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
