import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { refuseMixedStripe, stripeConfig } from './stripe-config.ts';

const Config = z
  .object({ TOLLGATE_MODE: z.enum(['sandbox', 'live']), ...stripeConfig })
  .superRefine(refuseMixedStripe);

const mistakesOf = (config: object) =>
  Config.safeParse(config).error?.issues.map(({ path }) => path.join('.')) ?? [];

const simulator = 'http://127.0.0.1:3002';
const real = 'https://api.stripe.com';

describe('a start is refused', () => {
  test.each([
    ['live at a simulator', 'live', 'sk_live_1', simulator, ['STRIPE_API_BASE']],
    [
      'live at a host that only looks like Stripe',
      'live',
      'sk_live_1',
      'https://notstripe.com',
      ['STRIPE_API_BASE'],
    ],
    ['a sandbox with a live key', 'sandbox', 'sk_live_1', simulator, ['STRIPE_SECRET_KEY']],
    ['a sandbox with a live restricted key', 'sandbox', 'rk_live_1', simulator, ['STRIPE_SECRET_KEY']],
    ['a sandbox at the real Stripe', 'sandbox', 'sk_test_1', real, ['STRIPE_API_BASE']],
  ])('of %s', (_, mode, key, base, mistakes) => {
    expect(mistakesOf({ TOLLGATE_MODE: mode, STRIPE_SECRET_KEY: key, STRIPE_API_BASE: base })).toEqual(
      mistakes,
    );
  });
});

describe('a start is allowed', () => {
  test.each([
    ['live at the real Stripe', 'live', 'sk_live_1', real],
    ['live with a test key at the real Stripe', 'live', 'sk_test_1', real],
    ['a sandbox at a simulator', 'sandbox', 'sk_test_1', simulator],
  ])('of %s', (_, mode, key, base) => {
    expect(mistakesOf({ TOLLGATE_MODE: mode, STRIPE_SECRET_KEY: key, STRIPE_API_BASE: base })).toEqual([]);
  });
});
