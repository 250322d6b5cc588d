import { describe, expect, test } from 'vitest';
import { classifyAnswer } from './classify-answer.ts';

const sid = `SM${'a'.repeat(32)}`;
const ofService = { hasOwnSender: false };
const refusal = (status: number, code?: number) => ({ status, body: { code, message: 'why', status } });

describe('an answer to a hand-over', () => {
  test('of 201 with a SID is an acceptance', () => {
    expect(classifyAnswer({ status: 201, body: { sid, status: 'accepted' } }, ofService)).toEqual({
      kind: 'accepted',
      providerMessageId: sid,
      providerRequestId: null,
    });
  });

  test.each([
    ['201 that names no message', { status: 201, body: {} }],
    ['200 with a page', { status: 200, body: null }],
    ['a redirect', { status: 302, body: null }],
    ['500', refusal(500, 20500)],
    ['503', refusal(503)],
    // Whatever the body claims: who answered may not be who took it.
    ['503 with the code of a refusal', refusal(503, 21610)],
  ])('of %s leaves the outcome unknown', (_, answer) => {
    expect(classifyAnswer(answer, ofService)).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    [401, 20003, 'provider_blocked'],
    [401, undefined, 'provider_blocked'],
    [403, undefined, 'provider_blocked'],
    [403, 20005, 'provider_blocked'],
    [400, 30002, 'provider_blocked'],
    [400, 21608, 'provider_blocked'],
    [400, 21606, 'provider_blocked'],
    [400, 21659, 'provider_blocked'],
    [403, 21408, 'unroutable'],
    [400, 21612, 'unroutable'],
    [429, 20429, 'throttled'],
    [429, undefined, 'throttled'],
    [400, 30001, 'unavailable'],
    [400, 30003, 'unavailable'],
    [400, 30008, 'unavailable'],
  ])('of %i with code %s is %s', (status, code, kind) => {
    expect(classifyAnswer(refusal(status, code), ofService)).toMatchObject({ kind });
  });

  test.each([
    [400, 21211, 'invalid_recipient'],
    [400, 21614, 'invalid_recipient'],
    [400, 30005, 'invalid_recipient'],
    [400, 30006, 'invalid_recipient'],
    [400, 21610, 'recipient_opted_out'],
    [400, 30004, 'recipient_opted_out'],
    [400, 30007, 'content_refused'],
    [400, 21617, 'content_refused'],
    [400, 99999, 'provider_refused'],
    [400, undefined, 'provider_refused'],
    [404, 20404, 'provider_refused'],
  ])('of %i with code %s rejects the message: %s', (status, code, failureCode) => {
    expect(classifyAnswer(refusal(status, code), ofService)).toMatchObject({
      kind: 'rejected',
      code: failureCode,
    });
  });

  test.each([21606, 21659])(
    'of %i for a sender that the tenant asked for concerns its message only',
    (code) => {
      expect(classifyAnswer(refusal(400, code), { hasOwnSender: true })).toMatchObject({
        kind: 'unroutable',
      });
    },
  );
});
