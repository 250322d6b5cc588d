import { Router } from 'express';
import { type SmsManagerWebhookDeps, smsManagerWebhook } from './sms-manager.ts';
import { type StripeWebhookDeps, stripeWebhook } from './stripe.ts';
import { type TwilioWebhookDeps, twilioWebhook } from './twilio.ts';

export type WebhookRoutesDeps = SmsManagerWebhookDeps & StripeWebhookDeps & TwilioWebhookDeps;

/** What the outside tells us: checked, stored as it came, answered at once, applied by a job. */
export function webhookRoutes(deps: WebhookRoutesDeps): Router {
  return Router().use(smsManagerWebhook(deps)).use(stripeWebhook(deps)).use(twilioWebhook(deps));
}
