import { createHmac } from 'node:crypto';

/** Returns the value of Stripe-Signature: HMAC-SHA256 over the instant (in seconds), a dot and the raw body. */
export function signEvent(body: string, secret: string, instant: number): string {
  const signature = createHmac('sha256', secret).update(`${instant}.${body}`, 'utf8').digest('hex');
  return `t=${instant},v1=${signature}`;
}
