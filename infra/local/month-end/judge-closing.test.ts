import { expect, test } from 'vitest';
import { invoiceOf, statementOf } from '../testing/billed-periods.ts';
import { judgeClosing, judgeStatements } from './judge-closing.ts';

const asOf = new Date('2026-11-30T23:00:00Z');

test('the month is closed when every tenant has its one invoice', () => {
  expect(judgeClosing([statementOf(), invoiceOf()], asOf)).toEqual({
    kind: 'done',
    said: '2026-11, looked at as of 2026-11-30T23:00:00.000Z',
  });
});

test('a period that is open, or has no invoice, is waited for', () => {
  expect(judgeClosing([{ ...statementOf(), isClosed: false }], asOf)).toEqual({
    kind: 'waiting',
    missing: 'the period of Hotel is still open',
  });
  expect(judgeClosing([{ ...statementOf(), invoices: [] }], asOf)).toEqual({
    kind: 'waiting',
    missing: 'Hotel has no invoice',
  });
});

test('two invoices for one period are wrong', () => {
  const { invoices } = invoiceOf();
  expect(
    judgeClosing([statementOf(), { ...invoiceOf(), invoices: [...invoices, ...invoices] }], asOf),
  ).toEqual({
    kind: 'wrong',
    reason: 'Garage has 2 invoices for one period',
  });
});

test('a statement tells what was used and asks for nothing', () => {
  expect(judgeStatements([statementOf(), invoiceOf()])).toEqual({
    kind: 'done',
    said: 'Hotel: 1.50 CZK used, nothing to pay',
  });
});

test.each([
  ['asks for money', statementOf({ settlesMicros: 10_000n }), 'the statement of Hotel asks for 0.01 CZK'],
  [
    'was pushed',
    statementOf({ pushes: [{ state: 'sent', stripeId: null, lastError: null }] }),
    'the statement of Hotel was pushed to Stripe',
  ],
  ['is none', statementOf({ document: 'stripe' }), 'Hotel is asked for money, but paid in advance'],
])('a statement that %s is wrong', (_what, period, reason) => {
  expect(judgeStatements([period])).toEqual({ kind: 'wrong', reason });
});

test('usage that credit covered is no invoice, whoever the tenant is', () => {
  const covered = invoiceOf({ document: 'statement', settlesMicros: 0n, totalMinor: 0n, pushes: [] });
  expect(judgeStatements([covered])).toMatchObject({ kind: 'done' });
});
