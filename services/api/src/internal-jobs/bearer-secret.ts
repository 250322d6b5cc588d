import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the header carries the secret as a bearer token; compared in constant time, whatever its length. */
export function isBearerSecret(authorization: string | undefined, secret: string): boolean {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(token), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
