import { expect, test } from 'vitest';
import { checkBillingSettings, type WishedSettings } from './check-billing-settings.ts';

const wished: WishedSettings = {
  tenantId: 'a',
  currency: 'CZK',
  paymentTerms: 'postpaid',
  cadence: 'monthly',
  collection: 'bank_transfer',
  thresholdMicros: null,
  thresholdSegments: null,
  unpaidPolicy: 'off',
  unpaidAgeDays: null,
  unpaidMicros: null,
  hasStripeCustomer: false,
  hasStripeSubscription: false,
  metersAtStripe: [],
  payer: null,
  isPayer: false,
};
const payer = { id: 'b', currency: 'CZK', isDeleted: false, isPaidFor: false };

test.each<[string, Partial<WishedSettings>]>([
  ['a bank transfer a month', {}],
  [
    'a Stripe invoice at a threshold',
    { collection: 'stripe_invoice', cadence: 'threshold', thresholdSegments: 5n, hasStripeCustomer: true },
  ],
  [
    'an item on a subscription',
    { collection: 'subscription_item', hasStripeCustomer: true, hasStripeSubscription: true },
  ],
  [
    'SMS that a price of a meter bills at Stripe, and nothing else',
    { collection: 'stripe_meter', hasStripeCustomer: true, metersAtStripe: ['sms_sent'] },
  ],
  ['a meter at Stripe that is not SMS', { metersAtStripe: ['api_request'] }],
  ['another tenant of the same currency pays', { payer }],
  ['unpaid bills block above an amount', { unpaidPolicy: 'block', unpaidMicros: 1n }],
])('%s is fine', (_, change) => {
  expect(checkBillingSettings({ ...wished, ...change })).toEqual([]);
});

test.each<[string, Partial<WishedSettings>, string]>([
  ['a bank transfer a day', { cadence: 'daily' }, 'cadence'],
  [
    'a threshold that waits for a subscription',
    {
      collection: 'subscription_item',
      cadence: 'threshold',
      thresholdMicros: 1n,
      hasStripeCustomer: true,
      hasStripeSubscription: true,
    },
    'cadence',
  ],
  [
    'a meter at Stripe by the week',
    { collection: 'stripe_meter', cadence: 'weekly', hasStripeCustomer: true },
    'cadence',
  ],
  [
    'SMS that a price at Stripe bills already',
    {
      collection: 'subscription_item',
      hasStripeCustomer: true,
      hasStripeSubscription: true,
      metersAtStripe: ['sms_sent'],
    },
    'collection',
  ],
  [
    'nobody to collect SMS that a price at Stripe bills',
    { collection: 'none', metersAtStripe: ['sms_sent'] },
    'collection',
  ],
  [
    'a meter for SMS that are paid in advance',
    { collection: 'stripe_meter', hasStripeCustomer: true, paymentTerms: 'prepaid' },
    'collection',
  ],
  ['a threshold without a line', { cadence: 'threshold' }, 'threshold'],
  [
    'an item without a subscription',
    { collection: 'subscription_item', hasStripeCustomer: true },
    'collection',
  ],
  ['a Stripe invoice without a customer', { collection: 'stripe_invoice' }, 'collection'],
  ['a debit that nobody can make', { collection: 'sippy' }, 'collection'],
  ['oneself as payer', { payer: { ...payer, id: 'a' } }, 'payer'],
  ['a payer of another currency', { payer: { ...payer, currency: 'EUR' } }, 'payer'],
  ['a payer that is deleted', { payer: { ...payer, isDeleted: true } }, 'payer'],
  ['a payer that is paid for itself', { payer: { ...payer, isPaidFor: true } }, 'payer'],
  ['a payer for who pays for others', { payer, isPayer: true }, 'payer'],
  ['a policy without a line', { unpaidPolicy: 'warn' }, 'unpaidPolicy'],
])('%s is refused and its field named', (_, change, field) => {
  expect(checkBillingSettings({ ...wished, ...change }).map((mistake) => mistake.field)).toEqual([field]);
});
