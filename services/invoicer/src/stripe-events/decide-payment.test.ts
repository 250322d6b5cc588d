import { expect, test } from 'vitest';
import { decidePayment } from './decide-payment.ts';

const invoice = {
  status: 'paid',
  amount_paid: 2_500,
  total: 2_500,
  starting_balance: 0,
  ending_balance: 0,
  attempted: true,
} as const;

test.each([
  ['paid in full', {}, 'paid'],
  [
    'paid by the customer’s credit at Stripe',
    { amount_paid: 0, starting_balance: -3_000, ending_balance: -500 },
    'paid',
  ],
  ['nothing to pay', { amount_paid: 0, total: 0 }, 'paid'],
  [
    'below the minimum: marked paid, but moved to the balance',
    { amount_paid: 0, total: 300, ending_balance: 300 },
    'carried',
  ],
  ['open after a failed attempt', { status: 'open', amount_paid: 0, ending_balance: null }, 'failed'],
  ['open, not attempted yet', { status: 'open', amount_paid: 0, attempted: false }, 'waiting'],
  ['a draft', { status: 'draft', amount_paid: 0, attempted: false }, 'waiting'],
  ['given up', { status: 'uncollectible', amount_paid: 0 }, 'failed'],
] as const)('%s', (_, change, decision) => {
  expect(decidePayment({ ...invoice, ...change })).toBe(decision);
});
