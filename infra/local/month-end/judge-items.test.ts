import { expect, test } from 'vitest';
import { invoiceOf, statementOf } from '../testing/billed-periods.ts';
import { judgeItems, type StripeItem } from './judge-items.ts';

const item: StripeItem = { id: 'ii_1', amount: 6, currency: 'eur', ofInvoice: 'invoice' };
const ofEarlierMonth = { ...item, id: 'ii_0', ofInvoice: 'earlier' };
const pushed = (state: string, stripeId: string | null = null) =>
  invoiceOf({ pushes: [{ state, stripeId, lastError: 'no such customer' }] });

test('an invoice is one item at Stripe, of its total; a statement is none', () => {
  expect(judgeItems([statementOf(), invoiceOf()], [ofEarlierMonth, item])).toEqual({
    kind: 'done',
    said: 'ii_1, 0.06 EUR for Garage',
  });
});

test('without anything to collect nothing is looked for', () => {
  expect(judgeItems([statementOf()], [])).toEqual({ kind: 'done', said: 'nothing to collect' });
});

test.each([
  ['is not at Stripe yet', invoiceOf(), [ofEarlierMonth], 'Stripe has no item for Garage'],
  ['is not confirmed yet', pushed('sent'), [item], 'ii_1 is not confirmed in our books'],
])('an item that %s is waited for', (_what, period, items, missing) => {
  expect(judgeItems([period], items)).toEqual({ kind: 'waiting', missing });
});

test.each([
  ['twice', invoiceOf(), [item, { ...item, id: 'ii_2' }], '2 items for one invoice of Garage: ii_1, ii_2'],
  ['of another amount', invoiceOf(), [{ ...item, amount: 7 }], 'ii_1 of Garage is 7 eur, not 6 eur'],
  ['of another currency', invoiceOf(), [{ ...item, currency: 'czk' }], 'ii_1 of Garage is 6 czk, not 6 eur'],
  ['refused', pushed('rejected'), [], 'the push for Garage is rejected: no such customer'],
  ['another one', pushed('confirmed', 'ii_9'), [item], 'our books say ii_9, Stripe has ii_1'],
])('an item that is there %s is wrong', (_what, period, items, reason) => {
  expect(judgeItems([period], items)).toEqual({ kind: 'wrong', reason });
});
