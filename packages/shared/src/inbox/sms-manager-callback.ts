import { timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../encryption/derive-key.ts';

/** Where SMS Manager posts reports: the path carries a token that only MASTER_KEY's holder can make. */
export function smsManagerCallbackUrl(publicUrl: string, masterKey: Uint8Array): string {
  return `${publicUrl.replace(/\/$/, '')}/v1/webhooks/sms-manager/${callbackToken(masterKey)}`;
}

/** Whether the token is ours; compared in constant time. */
export function isCallbackToken(token: string, masterKey: Uint8Array): boolean {
  const expected = Buffer.from(callbackToken(masterKey));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function callbackToken(masterKey: Uint8Array): string {
  return deriveKey(masterKey, 'sms-manager-callback').toString('base64url');
}
