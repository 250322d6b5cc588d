import { createHmac } from 'node:crypto';

/**
 * Returns the value of X-Twilio-Signature: Base64 of HMAC-SHA1 over the address as it is called, followed by the name
 * and value of each parameter, sorted by name (https://www.twilio.com/docs/usage/security).
 */
export function signCallback(url: string, form: URLSearchParams, authToken: string): string {
  const names = [...new Set(form.keys())].sort();
  const pairs = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  return createHmac('sha1', authToken)
    .update(url + pairs.join(''), 'utf8')
    .digest('base64');
}
