import { expect, test } from 'vitest';
import { createCallSize } from './call-size.ts';
import type { SubmissionOutcome } from './sms-provider.ts';

const accepted: SubmissionOutcome = { kind: 'accepted', providerMessageId: 'p', providerRequestId: null };
const unknown: SubmissionOutcome = { kind: 'unknown', detail: 'timeout' };
const throttled: SubmissionOutcome = { kind: 'throttled', detail: 'HTTP 429' };

test('calls carry ten messages until an outcome is unknown, then one, and double back on success', () => {
  const size = createCallSize(10);
  const sizes = [
    [accepted],
    [unknown, accepted],
    [accepted],
    [accepted],
    [accepted],
    [accepted],
    [accepted],
  ].map((outcomes) => {
    size.learn(outcomes);
    return size.current();
  });
  expect(sizes).toEqual([10, 1, 2, 4, 8, 10, 10]);
});

test('a refusal for now says nothing about doubt: the size stays', () => {
  const size = createCallSize(10);
  size.learn([unknown]);
  size.learn([throttled]);
  expect(size.current()).toBe(1);
});
