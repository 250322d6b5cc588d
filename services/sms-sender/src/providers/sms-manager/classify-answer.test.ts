import { describe, expect, test } from 'vitest';
import { classifyAnswer } from './classify-answer.ts';

const accepted = (key: string | number, id: string) => ({ key, message_id: id });

describe('an answer to a hand-over', () => {
  test('accepts exactly the keys it lists, and gives batch ids the recipient’s index', () => {
    const body = { request_id: 'r', accepted: [accepted('1', 'b')], rejected: [{ key: '0' }] };
    expect(classifyAnswer({ status: 200, body }, 2, '-0')).toEqual([
      { kind: 'unavailable', code: 'not_taken', detail: 'not taken over by the provider' },
      { kind: 'accepted', providerMessageId: 'b-0', providerRequestId: 'r' },
    ]);
  });

  test('may give its keys as numbers', () => {
    const body = { request_id: 'r', accepted: [accepted(0, 'a')], rejected: [] };
    expect(classifyAnswer({ status: 200, body }, 1, '')[0]).toMatchObject({
      kind: 'accepted',
      providerMessageId: 'a',
    });
  });

  test('leaves what it does not mention unknown, even when both lists are empty', () => {
    const body = { request_id: 'r', accepted: [], rejected: [] };
    expect(classifyAnswer({ status: 200, body }, 2, '').map(({ kind }) => kind)).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  test('that cannot be read leaves everything unknown, because the provider may have taken it', () => {
    for (const body of [null, 'ok', { accepted: 'all' }]) {
      expect(classifyAnswer({ status: 200, body }, 1, '')[0]?.kind).toBe('unknown');
    }
  });

  test.each([
    [401, {}],
    [403, { message: 'Forbidden' }],
    [400, { Message: 'User is not authorized to access this resource with an explicit deny' }],
  ])('HTTP %i for a bad key blocks the provider, not the message', (status, body) => {
    expect(classifyAnswer({ status, body }, 1, '')[0]?.kind).toBe('provider_blocked');
  });

  test.each([
    [400, 'rejected'],
    [413, 'rejected'],
    [415, 'rejected'],
    [422, 'rejected'],
    [402, 'provider_blocked'],
    [404, 'unavailable'],
    [405, 'unavailable'],
    [408, 'unknown'],
    [429, 'throttled'],
    [500, 'unknown'],
    [503, 'unknown'],
    [302, 'unknown'],
  ] as const)('HTTP %i means %s for every message of the call', (status, kind) => {
    const outcomes = classifyAnswer({ status, body: { Message: 'x' } }, 3, '-0');
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([kind, kind, kind]);
  });
});
