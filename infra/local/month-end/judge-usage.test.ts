import { expect, test } from 'vitest';
import { judgeUsage } from './judge-usage.ts';

const message = { messageId: 'msg_1', events: 1, counted: 1 };

test('usage is rolled up when every message is counted', () => {
  expect(judgeUsage([message, message])).toEqual({ kind: 'done', said: '2 of 2 messages counted' });
  expect(judgeUsage([message, { ...message, counted: 0 }])).toEqual({
    kind: 'waiting',
    missing: '1 of 2 messages counted',
  });
});

test('a message that was metered twice is wrong', () => {
  expect(judgeUsage([{ ...message, events: 2 }])).toEqual({
    kind: 'wrong',
    reason: 'msg_1 has 2 usage events',
  });
});
