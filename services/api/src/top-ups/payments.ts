import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import type { StripeTaxMode } from '@tollgate/shared/stripe/stripe-config.ts';
import { StripeCustomerDeletedError } from '@tollgate/shared/stripe/stripe-customers.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import Stripe from 'stripe';
import { Problem } from '../problems/problem.ts';

/** What it takes to ask Stripe for something while a caller waits. */
export type Payments = { stripe: Stripe; taxMode: StripeTaxMode };

/** Stripe for callers who wait: a slow answer is better finished by the sweep than waited for. */
export function createPayments(config: {
  STRIPE_SECRET_KEY?: string | undefined;
  STRIPE_API_BASE: string;
  STRIPE_TAX_MODE: StripeTaxMode;
}): Payments | undefined {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase, STRIPE_TAX_MODE: taxMode } = config;
  if (secretKey === undefined) return undefined;
  return {
    stripe: createStripe({ secretKey, apiBase, networkRetriesMax: 1, timeoutMs: 8 * SECOND_MS }),
    taxMode,
  };
}

/** Stripe, where this installation has an account there and the key may move money. Throws a Problem otherwise. */
export function requirePayments(payments: Payments | undefined, { mode }: Caller): Payments {
  if (mode === 'test') throw new Problem('forbidden', 'a test key moves no money: use a live key');
  if (payments) return payments;
  throw new Problem('payments_unavailable', 'this installation has no Stripe account (STRIPE_SECRET_KEY)');
}

/** Runs a call to Stripe; what Stripe did not do becomes a Problem that says whether to ask again. */
export async function askStripe<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof StripeCustomerDeletedError) throw new Problem('conflict', error.message);
    if (error instanceof Stripe.errors.StripeCardError)
      throw new Problem(
        'conflict',
        `the payment was declined: ${error.decline_code ?? error.code ?? 'declined'}`,
      );
    if (error instanceof Stripe.errors.StripeError)
      throw new Problem(
        'payments_unavailable',
        `Stripe did not do it (${error.type}); ask again in a moment`,
      );
    throw error;
  }
}
