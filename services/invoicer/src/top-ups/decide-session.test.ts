import { describe, expect, test } from 'vitest';
import { decideSession, type SessionFacts } from './decide-session.ts';

const expected = { currency: 'CZK', netMinor: 50_000n, ownVatMinor: 0n };

const paid = {
  mode: 'payment',
  status: 'complete',
  payment_status: 'paid',
  currency: 'czk',
  amount_subtotal: 50_000,
  amount_total: 50_000,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  intentStatus: 'succeeded',
} as const satisfies SessionFacts;

describe('a session', () => {
  test('that is paid in full gives credit', () => {
    expect(decideSession(paid, expected)).toEqual({ kind: 'paid', vatMinor: 0n, grossMinor: 50_000n });
  });

  test('that Stripe added tax to gives credit for what is before tax', () => {
    const taxed = {
      ...paid,
      amount_total: 60_500,
      total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 10_500 },
    };
    expect(decideSession(taxed, expected)).toEqual({ kind: 'paid', vatMinor: 10_500n, grossMinor: 60_500n });
  });

  test('that carries our own tax gives credit for what is before tax', () => {
    const taxed = { ...paid, amount_subtotal: 60_500, amount_total: 60_500 };
    expect(decideSession(taxed, { ...expected, ownVatMinor: 10_500n })).toEqual({
      kind: 'paid',
      vatMinor: 10_500n,
      grossMinor: 60_500n,
    });
  });

  test('whose request asked for less than the credit gives none', () => {
    expect(decideSession(paid, { ...expected, netMinor: 60_000n, ownVatMinor: -10_000n }).kind).toBe(
      'mismatch',
    );
  });

  test.each([
    ['another amount', { amount_subtotal: 49_999, amount_total: 49_999 }],
    ['a discount', { amount_total: 40_000 }],
    ['another currency', { currency: 'eur' }],
    ['another mode', { mode: 'subscription' }],
  ] as const)('that is paid with %s gives none, and is for a person to look at', (_, change) => {
    expect(decideSession({ ...paid, ...change }, expected).kind).toBe('mismatch');
  });

  test.each([
    ['open', { status: 'open', payment_status: 'unpaid', intentStatus: null }, 'waiting'],
    ['complete with a debit on its way', { payment_status: 'unpaid', intentStatus: 'processing' }, 'pending'],
    [
      'complete with a debit that bounced',
      { payment_status: 'unpaid', intentStatus: 'requires_payment_method' },
      'failed',
    ],
    [
      'complete with a payment that was canceled',
      { payment_status: 'unpaid', intentStatus: 'canceled' },
      'failed',
    ],
    ['expired', { status: 'expired', payment_status: 'unpaid', intentStatus: null }, 'expired'],
    ['complete, for nothing', { payment_status: 'no_payment_required', intentStatus: null }, 'pending'],
  ] as const)('that is %s gives none', (_, change, kind) => {
    expect(decideSession({ ...paid, ...change }, expected).kind).toBe(kind);
  });
});
