import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignedRequest = {
  /** As Twilio called it: the public address, with path and query. */
  url: string;
  /** The posted form. */
  body: string;
  signature: string | undefined;
};

/**
 * Whether `X-Twilio-Signature` is the Base64 HMAC-SHA1 of the address and the sorted parameters under the
 * account's auth token (https://www.twilio.com/docs/usage/security). The address counts with and without its
 * port, because Twilio signs either; compared in constant time.
 */
export function isTwilioSignatureValid({ url, body, signature }: SignedRequest, authToken: string): boolean {
  const form = new URLSearchParams(body);
  const names = [...new Set(form.keys())].sort();
  const pairs = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  const given = Buffer.from(signature ?? '');
  const fits = addressesOf(url).map((address) => {
    const hmac = createHmac('sha1', authToken).update(address + pairs.join(''), 'utf8');
    const expected = Buffer.from(hmac.digest('base64'));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return fits.includes(true);
}

function addressesOf(url: string): string[] {
  const [, protocol, host, port, rest] = /^(https?:)\/\/([^/]+?)(?::(\d+))?(\/.*)$/.exec(url) ?? [];
  if (protocol === undefined) return [];
  const usual = protocol === 'https:' ? '443' : '80';
  return [`${protocol}//${host}${rest}`, `${protocol}//${host}:${port ?? usual}${rest}`];
}
