import { readPlanLookupKey } from '@tollgate/shared/stripe/lookup-keys.ts';
import type Stripe from 'stripe';

export type PricedPlan = { planId: string; interval: 'monthly' | 'yearly' };

/**
 * The plan that a price stands for: by what `npm run stripe:setup` wrote on it, else by its lookup key.
 * Null for a price that says neither, or that is billed in a rhythm that no plan has.
 */
export function planOfPrice(
  price: Pick<Stripe.Price, 'metadata' | 'lookup_key' | 'recurring'>,
): PricedPlan | null {
  const planId = price.metadata.plan_id ?? readPlanLookupKey(price.lookup_key ?? '')?.planId;
  const { interval, interval_count: count } = price.recurring ?? {};
  if (!planId || count !== 1) return null;
  if (interval === 'month') return { planId, interval: 'monthly' };
  return interval === 'year' ? { planId, interval: 'yearly' } : null;
}
