import { expect, test } from 'vitest';
import { invoiceOf, statementOf } from '../testing/billed-periods.ts';
import { judgePayments } from './judge-payments.ts';

test('a paid invoice gives the account back what it settles; a statement needs no payment', () => {
  expect(judgePayments([statementOf(), invoiceOf()])).toEqual({
    kind: 'done',
    said: 'Stripe invoice ABC-0002, 0.06 EUR back for Garage',
  });
});

test('an invoice that is not paid yet is waited for', () => {
  expect(judgePayments([invoiceOf({ state: 'issued', paymentsMicros: [] })])).toEqual({
    kind: 'waiting',
    missing: 'the invoice of Garage is issued, not paid',
  });
});

test.each([
  ['twice', { paymentsMicros: [60_000n, 60_000n] }, 'Garage paid 0.06, but the ledger has 0.06, 0.06'],
  ['not at all', { paymentsMicros: [] }, 'Garage paid 0.06, but the ledger has nothing'],
  ['rounded', { paymentsMicros: [100_000n] }, 'Garage paid 0.06, but the ledger has 0.10'],
  ['in vain', { state: 'payment_failed', paymentsMicros: [] }, 'Stripe could not collect from Garage'],
])('a payment booked %s is wrong', (_how, changes, reason) => {
  expect(judgePayments([invoiceOf(changes)])).toEqual({ kind: 'wrong', reason });
});
