import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isTwilioSignatureValid } from './twilio-signature.ts';

const url = 'https://sms.example.com/v1/webhooks/twilio/status?attempt=1';
const body = 'To=%2B420777123456&MessageStatus=sent&MessageSid=SM1';
const sign = (signed: string) => createHmac('sha1', 'token').update(signed).digest('base64');
const pairs = 'MessageSidSM1MessageStatussentTo+420777123456';

describe('a signature of Twilio', () => {
  test('of the documented example fits', () => {
    // https://www.twilio.com/docs/usage/security#test-the-validity-of-your-webhook-signature
    const example = {
      url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
      body: new URLSearchParams({
        CallSid: 'CA1234567890ABCDE',
        Caller: '+14158675309',
        Digits: '1234',
        From: '+14158675309',
        To: '+18005551212',
      }).toString(),
      signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    };
    expect(isTwilioSignatureValid(example, '12345')).toBe(true);
    expect(isTwilioSignatureValid(example, '12346')).toBe(false);
  });

  test.each([
    ['as it is', url, url],
    ['with the usual port added', url, url.replace('.com/', '.com:443/')],
    ['with the usual port left out', url.replace('.com/', '.com:443/'), url],
    ['with another port left out', url.replace('.com/', '.com:8443/'), url],
  ])('fits over the address %s', (_, called, signed) => {
    expect(isTwilioSignatureValid({ url: called, body, signature: sign(signed + pairs) }, 'token')).toBe(
      true,
    );
  });

  test('counts a repeated parameter once per value', () => {
    const repeated = 'b=2&a=1&b=1&b=2';
    expect(isTwilioSignatureValid({ url, body: repeated, signature: sign(`${url}a1b1b2`) }, 'token')).toBe(
      true,
    );
  });

  test.each([
    ['none', { signature: undefined }],
    ['an empty one', { signature: '' }],
    ['one of another body', { signature: sign(`${url}MessageSidSM2`) }],
    ['one of another address', { url: url.replace('attempt=1', 'attempt=2') }],
    ['one of another path', { url: 'no address' }],
  ])('%s does not fit', (_, changes) => {
    const request = { url, body, signature: sign(url + pairs), ...changes };
    expect(isTwilioSignatureValid(request, 'token')).toBe(false);
  });
});
