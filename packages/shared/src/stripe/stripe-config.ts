import { z } from 'zod';
import { configTypes } from '../runtime/config.ts';

/** Stripe's part of a service's configuration; `refuseMixedStripe` belongs to it. */
export const stripeConfig = {
  STRIPE_SECRET_KEY: z
    .string({ error: 'is missing: the secret or restricted key of your Stripe account' })
    .min(1),
  STRIPE_API_BASE: configTypes.urlWithProtocol('http', 'https').default('https://api.stripe.com'),
  /** stripe_tax: Stripe computes the tax; fixed_rates: by the rates that we name; none: it computes none. */
  STRIPE_TAX_MODE: z.enum(['stripe_tax', 'fixed_rates', 'none']).default('none'),
};

export type StripeTaxMode = z.infer<(typeof stripeConfig)['STRIPE_TAX_MODE']>;

type StripeSettings = {
  TOLLGATE_MODE: 'sandbox' | 'live';
  STRIPE_SECRET_KEY?: string | undefined;
  STRIPE_API_BASE: string;
};

type Issues = { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void };

/** A typo must neither pretend to bill nor bill for real: no mix of simulator, real Stripe and live key. */
export function refuseMixedStripe(config: StripeSettings, context: Issues): void {
  const { TOLLGATE_MODE: mode, STRIPE_SECRET_KEY: key, STRIPE_API_BASE: base } = config;
  if (key === undefined) return;
  const isSimulated = !/(^|\.)stripe\.com$/.test(new URL(base).hostname);
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (mode === 'live' && isSimulated) refuse('STRIPE_API_BASE', 'is a simulator, but TOLLGATE_MODE is live');
  if (mode === 'sandbox' && isLiveKey(key))
    refuse('STRIPE_SECRET_KEY', 'is a live key, but TOLLGATE_MODE is sandbox');
  if (mode === 'sandbox' && !isSimulated)
    refuse('STRIPE_API_BASE', 'is the real Stripe, but TOLLGATE_MODE is sandbox');
}

/** Whether a secret or restricted key moves real money. */
export function isLiveKey(key: string): boolean {
  return /^(sk|rk)_live_/.test(key);
}
