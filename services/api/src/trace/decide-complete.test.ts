import { describe, expect, test } from 'vitest';
import { decideComplete, type TraceFacts } from './decide-complete.ts';

const facts = (overrides: Partial<TraceFacts> = {}): TraceFacts => ({
  state: 'delivered',
  isAwaited: false,
  hasOpenReservation: false,
  bookedEntries: 0,
  usage: [],
  ...overrides,
});

const invoice = { state: 'issued', document: 'stripe', settlesMicros: 1n };

describe('a message that was charged is complete', () => {
  test.each([
    ['not before its usage is written', [], false],
    ['not before its usage is on an invoice', [{ invoice: null }], false],
    ['not while the invoice is owed', [{ invoice }], false],
    ['not while the payment fails', [{ invoice: { ...invoice, state: 'payment_failed' } }], false],
    ['not on an invoice that was made void', [{ invoice: { ...invoice, state: 'void' } }], false],
    ['once the invoice is paid', [{ invoice: { ...invoice, state: 'paid' } }], true],
    ['once it is on a statement', [{ invoice: { ...invoice, document: 'statement' } }], true],
    [
      'once it is on an invoice that asks for nothing',
      [{ invoice: { ...invoice, settlesMicros: 0n } }],
      true,
    ],
  ])('%s', (_, usage, complete) => {
    expect(decideComplete(facts({ bookedEntries: 1, usage }))).toBe(complete);
  });

  test('only when its refund has gone the same way', () => {
    const paid = { invoice: { ...invoice, state: 'paid' } };
    expect(decideComplete(facts({ bookedEntries: 2, usage: [paid] }))).toBe(false);
    expect(decideComplete(facts({ bookedEntries: 2, usage: [paid, { invoice: null }] }))).toBe(false);
    expect(decideComplete(facts({ bookedEntries: 2, usage: [paid, paid] }))).toBe(true);
  });
});

describe('a message that was not charged is complete', () => {
  test.each([
    ['when it is over', {}, true],
    ['not while it is on its way', { state: 'submitted' }, false],
    ['not while credit is held for it', { state: 'failed', hasOpenReservation: true }, false],
    ['not while its report is awaited', { state: 'sent', isAwaited: true }, false],
    ['when no report is awaited any more', { state: 'sent' }, true],
  ] as const)('%s', (_, overrides, complete) => {
    expect(decideComplete(facts(overrides))).toBe(complete);
  });
});
