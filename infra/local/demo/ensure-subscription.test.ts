import { createStripe } from '@tollgate/invoicer/src/stripe-client.ts';
import {
  type StripeSimulator,
  startStripeSimulator,
} from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureSubscription } from './ensure-subscription.ts';

const secretKey = 'sk_test_of_the_demonstration';
const DAY_MS = 24 * 60 * 60 * 1_000;

const subscriber = {
  tenantId: '019a0000-0000-7000-8000-000000000002',
  name: 'Garage',
  email: 'billing@garage.example',
  currency: 'EUR',
  planId: 'pro',
  planPriceMinor: 29_00,
};

let now = new Date('2026-11-21T12:00:00Z');
let simulator: StripeSimulator;
let stripe: Stripe;

beforeEach(async () => {
  simulator = await startStripeSimulator({ secretKey, now: () => now });
  stripe = createStripe({ secretKey, apiBase: simulator.baseUrl });
});

afterEach(() => simulator.close());

test('a subscription to the plan is made once, and found again when its keys are forgotten', async () => {
  const first = await ensureSubscription(stripe, subscriber);
  now = new Date(now.getTime() + 2 * DAY_MS);
  expect(await ensureSubscription(stripe, subscriber)).toEqual(first);
  const { customers, products, prices, subscriptions } = simulator.objects;
  expect([customers(), products(), prices(), subscriptions()].map((all) => all.length)).toEqual([1, 1, 1, 1]);
  expect(subscriptions()[0]).toMatchObject({
    id: first.stripeSubscriptionId,
    customer: first.stripeCustomerId,
    status: 'active',
    currency: 'eur',
  });
  expect(prices()[0]).toMatchObject({ unit_amount: 29_00, recurring: { interval: 'month' } });
});

test('a start that was killed after its calls, and its repetition at once, make one', async () => {
  const made = await Promise.all([
    ensureSubscription(stripe, subscriber),
    ensureSubscription(stripe, subscriber),
  ]);
  expect(made[1]).toEqual(made[0]);
  expect(simulator.objects.subscriptions()).toHaveLength(1);
});

test('a subscription that has ended is followed by a new one', async () => {
  const { stripeCustomerId, stripeSubscriptionId } = await ensureSubscription(stripe, subscriber);
  await stripe.subscriptions.cancel(stripeSubscriptionId);
  const next = await ensureSubscription(stripe, subscriber);
  expect(next.stripeCustomerId).toBe(stripeCustomerId);
  expect(next.stripeSubscriptionId).not.toBe(stripeSubscriptionId);
});
