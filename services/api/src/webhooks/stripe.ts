import { applyStripeEvent } from '@tollgate/shared/queues/catalog.ts';
import express, { Router } from 'express';
import { createEventStore, type StoreEventsDeps } from './store-events.ts';
import { readStripeEventId } from './stripe-event.ts';

export type StripeWebhookDeps = StoreEventsDeps & {
  /**
   * The signing secrets at Stripe, separated by commas: the endpoint's, and that of the destination of
   * thin events. Without any there is no such address.
   */
  stripeWebhookSecret: string | undefined;
};

/** What Stripe tells us of invoices and payments. */
export function stripeWebhook(deps: StripeWebhookDeps): Router {
  const { clock, stripeWebhookSecret } = deps;
  const router = Router();
  if (stripeWebhookSecret === undefined) return router;
  const secrets = stripeWebhookSecret.split(',').map((secret) => secret.trim());
  const store = createEventStore(deps, 'stripe', (tx, inboxIds) => {
    for (const inboxId of inboxIds) tx.enqueue(applyStripeEvent, { inboxId });
  });

  router.post(
    '/v1/webhooks/stripe',
    express.raw({ type: () => true, limit: '1mb' }),
    async (request, response) => {
      const body = Buffer.isBuffer(request.body) ? request.body.toString() : '';
      const signature = request.get('stripe-signature') ?? '';
      const externalId = readStripeEventId(body, { signature, secrets, receivedAt: clock.now() });
      await store({ externalId, body });
      response.json({ received: true });
    },
  );

  return router;
}
