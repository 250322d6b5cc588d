import { describe, expect, test } from 'vitest';
import { decideDispute } from './decide-dispute.ts';

const away = { amount: -50_000 };
const back = { amount: 50_000 };

describe('a dispute', () => {
  test.each([
    ['a bank that asks', 'warning_needs_response', [], false, false],
    ['a bank that asked and was content', 'warning_closed', [], false, false],
    ['a bank that was stopped before it disputed', 'prevented', [], false, false],
    ['a new one', 'needs_response', [], true, false],
    ['one whose money is away', 'under_review', [away], true, false],
    ['one that was an inquiry and took money', 'warning_under_review', [away], true, false],
    ['one that is lost', 'lost', [away], true, false],
    ['one that is won and brought back', 'won', [away, back], true, true],
    ['one that is won, before the money is back', 'won', [away], true, true],
    ['one whose money is back, before it is closed', 'under_review', [away, back], true, true],
  ] as const)('%s (%s)', (_, status, movements, isWithdrawn, isReinstated) => {
    expect(decideDispute({ status, balance_transactions: movements })).toEqual({ isWithdrawn, isReinstated });
  });
});
