import type Stripe from 'stripe';
import { isPublic } from './is-public.ts';
import type { Catalogue } from './read-catalogue.ts';
import { setUpMeters } from './set-up-meters.ts';
import { setUpPortal } from './set-up-portal.ts';
import { setUpPrices } from './set-up-prices.ts';
import { setUpWebhook } from './set-up-webhook.ts';

export type SetUpDeps = {
  stripe: Stripe;
  /** Tells of every object that was made or changed at Stripe. */
  told: (line: string) => void;
};

export type SetUpResult = {
  /** Lines for the environment of the services. */
  environment: string[];
  /** What else somebody has to know or do. */
  notes: string[];
};

/**
 * Brings Stripe to what this installation sells: products, prices, meters, the webhook endpoint and the
 * portal. Everything is found by its own key, so that the second run changes nothing.
 */
export async function setUpStripe(
  deps: SetUpDeps,
  catalogue: Catalogue,
  { publicUrl, events }: { publicUrl: string; events: readonly string[] },
): Promise<SetUpResult> {
  const prices = await setUpPrices(deps, catalogue);
  const meters = await setUpMeters(deps, catalogue);
  await setUpPortal(deps, prices.plans, publicUrl);
  const webhook = isPublic(publicUrl) ? await setUpWebhook(deps, publicUrl, events) : null;
  return {
    environment: [...prices.environment, ...meters.environment, ...(webhook?.environment ?? [])],
    notes: [
      ...(webhook?.notes ?? [`${publicUrl} is not public, so Stripe has no webhook endpoint for it.`]),
      `To try it here: stripe listen --forward-to ${publicUrl.replace(/\/$/, '')}/v1/webhooks/stripe --events ${events.join(',')}`,
    ],
  };
}
