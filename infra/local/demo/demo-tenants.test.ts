import { expect, test } from 'vitest';
import { demoTenants, needsPurchase } from './demo-tenants.ts';

test('one tenant pays in advance and one later, in different currencies', () => {
  expect(demoTenants.map(({ paymentTerms, currency }) => `${paymentTerms} ${currency}`)).toEqual([
    'prepaid CZK',
    'postpaid EUR',
  ]);
});

test('who pays later has a subscription to be billed on, and both are written to', () => {
  for (const { paymentTerms, billing, planPriceMinor } of demoTenants) {
    const isPostpaid = paymentTerms === 'postpaid';
    expect(billing.collection).toBe(isPostpaid ? 'subscription_item' : 'none');
    expect(planPriceMinor !== null).toBe(isPostpaid);
    expect(billing.email).toMatch(/@[a-z-]+\.example$/);
  }
});

test('credit is bought at first and when a tenth is left, never by who pays later', () => {
  expect(needsPurchase(100n, 0n)).toBe(true);
  expect(needsPurchase(100n, 10n)).toBe(true);
  expect(needsPurchase(100n, 11n)).toBe(false);
  expect(needsPurchase(0n, 0n)).toBe(false);
});
