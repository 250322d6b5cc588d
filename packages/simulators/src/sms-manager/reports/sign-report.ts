import { createHmac } from 'node:crypto';

/** Returns the value of X-Request-Signature: lower-case hex HMAC-SHA256 of the raw body. */
export function signReport(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body, 'utf8').digest('hex');
}
