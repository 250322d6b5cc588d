import { stripeApiVersion } from '@tollgate/shared/stripe/stripe-client.ts';
import type Stripe from 'stripe';
import type { SetUpDeps } from './set-up-stripe.ts';

/**
 * Makes the webhook endpoint of this installation, or changes its list of events. It is found by its
 * address. Its secret is told once, when it is made; its version of the API can never be changed.
 */
export async function setUpWebhook(
  { stripe, told }: SetUpDeps,
  publicUrl: string,
  events: readonly string[],
): Promise<{ environment: string[]; notes: string[] }> {
  const url = `${publicUrl.replace(/\/$/, '')}/v1/webhooks/stripe`;
  const wanted = [...events] as Stripe.WebhookEndpointCreateParams.EnabledEvent[];
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
  const found = data.find((endpoint) => endpoint.url === url);
  if (!found) {
    const made = await stripe.webhookEndpoints.create({
      url,
      enabled_events: wanted,
      api_version: stripeApiVersion,
      description: 'Tollgate',
    });
    told(`made webhook endpoint ${url}`);
    return { environment: [`STRIPE_WEBHOOK_SECRET=${made.secret}`], notes: [] };
  }
  if (JSON.stringify(found.enabled_events.toSorted()) !== JSON.stringify(wanted.toSorted())) {
    await stripe.webhookEndpoints.update(found.id, { enabled_events: wanted });
    told(`changed the events of webhook endpoint ${url}`);
  }
  const isOld = found.api_version !== stripeApiVersion;
  const notes = [
    `STRIPE_WEBHOOK_SECRET is shown once, when the endpoint is made; Stripe's dashboard shows that of ${found.id} again.`,
    ...(isOld
      ? [
          `${found.id} speaks version ${found.api_version ?? 'of the account'}, this code ${stripeApiVersion}: delete it at Stripe and run this again.`,
        ]
      : []),
  ];
  return { environment: [], notes };
}
