import { describe, expect, test } from 'vitest';
import { judgeMessages, type StoredMessage } from './judge-messages.ts';

const request = { reference: 'Message 1', tenantId: 'tenant', category: 'priority' } as const;
const delivered: StoredMessage = {
  reference: 'Message 1',
  category: 'priority',
  state: 'delivered',
  failureCode: null,
  chargeCount: 1,
  holdsCredit: false,
};
const expired: StoredMessage = { ...delivered, state: 'expired', chargeCount: 0 };

function judge(stored: StoredMessage[], received: string[]) {
  return judgeMessages({ accepted: [request], stored, received });
}

describe('nothing is wrong', () => {
  test('with a message delivered, sent and charged once', () => {
    expect(judge([delivered], ['Message 1'])).toEqual([]);
  });

  test('with a code that expired unsent and uncharged', () => {
    expect(judge([expired], [])).toEqual([]);
  });

  test('with a message for which the credit did not suffice', () => {
    expect(judge([{ ...expired, state: 'rejected', failureCode: 'insufficient_credit' }], [])).toEqual([]);
  });
});

test.each([
  ['lost', [], [], 'accepted and lost'],
  ['stored twice', [delivered, delivered], ['Message 1'], 'stored 2 times'],
  ['sent twice', [delivered], ['Message 1', 'Message 1'], 'is delivered, and was sent 2 times'],
  ['never sent', [delivered], [], 'is delivered, and was sent 0 times'],
  ['charged twice', [{ ...delivered, chargeCount: 2 }], ['Message 1'], 'and was charged 2 times'],
  ['delivered for nothing', [{ ...delivered, chargeCount: 0 }], ['Message 1'], 'and was charged 0 times'],
  ['sent after it had expired', [expired], ['Message 1'], 'is expired, and was sent 1 times'],
  ['charged though it expired', [{ ...expired, chargeCount: 1 }], [], 'and was charged 1 times'],
  ['holding credit at its end', [{ ...expired, holdsCredit: true }], [], 'still holds credit'],
  ['left on its way', [{ ...expired, state: 'unknown' as const }], [], 'is unknown'],
  [
    'expired although it had days',
    [{ ...expired, category: 'transactional' as const }],
    [],
    'Message 1: is expired',
  ],
  [
    'given up',
    [{ ...expired, state: 'failed' as const, failureCode: 'no_report' }],
    [],
    'is failed (no_report)',
  ],
  ['of nobody', [delivered, { ...delivered, reference: 'Message 2' }], ['Message 1', 'Message 2'], 'no app'],
  ['unknown to the books', [delivered], ['Message 1', 'Message 9'], 'Message 9: sent, but not in the books'],
])('a message that was %s is found', (_what, stored, received, words) => {
  expect(judge(stored, received).join('\n')).toContain(words);
});
