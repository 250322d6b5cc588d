import { describe, expect, test } from 'vitest';
import { decidePlan, standingOf } from './decide-plan.ts';

const active = { status: 'active', planId: 'pro' };

describe('a tenant is put', () => {
  test.each([
    ['on the plan that it subscribed to', { ...active, before: null, tenantPlanId: 'free' }, 'pro'],
    [
      'on it once it is paid',
      { ...active, before: { status: 'incomplete', planId: 'pro' }, tenantPlanId: 'free' },
      'pro',
    ],
    [
      'on the plan that it changed to',
      { status: 'active', planId: 'business', before: active, tenantPlanId: 'pro' },
      'business',
    ],
    [
      'on free when the subscription ends',
      { status: 'canceled', planId: 'pro', before: active, tenantPlanId: 'pro' },
      'free',
    ],
    [
      'on free when nobody pays',
      { status: 'unpaid', planId: 'pro', before: { status: 'past_due', planId: 'pro' }, tenantPlanId: 'pro' },
      'free',
    ],
    [
      'on free when it is paused',
      { status: 'paused', planId: 'pro', before: active, tenantPlanId: 'pro' },
      'free',
    ],
    [
      'on its plan again when it pays after all',
      { ...active, before: { status: 'unpaid', planId: 'pro' }, tenantPlanId: 'free' },
      'pro',
    ],
  ])('%s', (_, facts, plan) => {
    expect(decidePlan(facts)).toBe(plan);
  });
});

describe('a tenant stays where it is', () => {
  test.each([
    ['when the same is read again', { ...active, before: active, tenantPlanId: 'pro' }],
    [
      'where an operator put it, when nothing changed',
      { ...active, before: active, tenantPlanId: 'business' },
    ],
    [
      'where an operator put it, when the subscription ends',
      { status: 'canceled', planId: 'pro', before: active, tenantPlanId: 'business' },
    ],
    ['when a payment is late', { status: 'past_due', planId: 'pro', before: active, tenantPlanId: 'pro' }],
    [
      'while the first payment is missing',
      { status: 'incomplete', planId: 'pro', before: null, tenantPlanId: 'free' },
    ],
    [
      'when the first payment never came',
      {
        status: 'incomplete_expired',
        planId: 'pro',
        before: { status: 'incomplete', planId: 'pro' },
        tenantPlanId: 'pro',
      },
    ],
    ['when the price is unknown', { status: 'active', planId: null, before: active, tenantPlanId: 'pro' }],
    [
      'when an old subscription that ended is read for the first time',
      { status: 'canceled', planId: 'pro', before: null, tenantPlanId: 'pro' },
    ],
  ])('%s', (_, facts) => {
    expect(decidePlan(facts)).toBeNull();
  });

  test('when Stripe says something that we do not know', () => {
    expect(standingOf('something_new')).toBe('not_begun');
  });
});
