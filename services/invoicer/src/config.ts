import { commonConfig, configTypes } from '@tollgate/shared/runtime/config.ts';
import { isLoopback } from '@tollgate/shared/runtime/loopback.ts';
import { refuseMixedStripe, stripeConfig } from '@tollgate/shared/stripe/stripe-config.ts';
import { z } from 'zod';
import type { CollectSettings } from './collect-invoice/collect-deps.ts';

const price = z
  .string()
  .regex(/^price_\w+$/, { error: 'must be the id of a Price at Stripe, such as price_1AbC' })
  .optional();
const eventName = z
  .string()
  .regex(/^\w{1,100}$/, { error: 'must be the event name of a meter at Stripe' })
  .optional();

/** Currencies whose Price of a segment can be configured. */
const priceCurrencies = ['CZK', 'EUR', 'USD'] as const;

/** Meters whose usage can be told to Stripe: those that are sums. */
const tellableMeters = [
  'sms_sent',
  'sms_received',
  'api_request',
  'webhook_triggered',
  'call_made',
  'call_received',
  'call_duration_seconds',
  'ai_message_generated',
  'ai_voice_generated',
  'ai_template_created',
  'content_ai_generated',
  'campaign_launched',
  'journey_launched',
  'contact_created',
  'template_created',
] as const;

type PriceName = `STRIPE_PRICE_SMS_${(typeof priceCurrencies)[number]}`;
type MeterName = `STRIPE_METER_${Uppercase<(typeof tellableMeters)[number]>}`;

const prices = Object.fromEntries(
  priceCurrencies.map((currency) => [`STRIPE_PRICE_SMS_${currency}`, price]),
) as Record<PriceName, typeof price>;
const meters = Object.fromEntries(
  tellableMeters.map((meter) => [`STRIPE_METER_${meter.toUpperCase()}`, eventName]),
) as Record<MeterName, typeof eventName>;

/** Two meters told under one name would be billed together, by whichever of their prices. */
function refuseSharedMeters(
  config: Partial<Record<MeterName, string | undefined>>,
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  const seen = new Map<string, string>();
  for (const meter of tellableMeters) {
    const name: MeterName = `STRIPE_METER_${meter.toUpperCase() as Uppercase<typeof meter>}`;
    const eventName = config[name];
    if (eventName === undefined) continue;
    const other = seen.get(eventName);
    if (other !== undefined) {
      const message = `is ${eventName}, as ${other} is: a meter at Stripe counts one of ours`;
      context.addIssue({ code: 'custom', path: [name], message });
    }
    seen.set(eventName, other ?? name);
  }
}

export const InvoicerConfig = z
  .object({
    ...commonConfig,
    ...stripeConfig,
    /** Whether Stripe's webhooks can reach us; taken for reachable where it is left out. */
    PUBLIC_URL: configTypes.urlWithProtocol('http', 'https').optional(),
    ...prices,
    ...meters,
  })
  .superRefine(refuseMixedStripe)
  .superRefine(refuseSharedMeters);

export type InvoicerConfig = z.infer<typeof InvoicerConfig>;

/** Which Prices and meters of Stripe stand for ours, and who computes the tax. */
export function collectSettingsOf(config: InvoicerConfig): CollectSettings {
  return {
    taxMode: config.STRIPE_TAX_MODE,
    smsPrices: Object.fromEntries(
      priceCurrencies.map((currency) => [currency, config[`STRIPE_PRICE_SMS_${currency}`]]),
    ),
    meters: Object.fromEntries(
      tellableMeters.map((meter) => [meter, config[`STRIPE_METER_${meter.toUpperCase()}` as MeterName]]),
    ),
  };
}

/** Stripe posts to public addresses by https only; a simulator beside us reaches any. */
export function hearsWebhooks({
  TOLLGATE_MODE,
  PUBLIC_URL,
}: Pick<InvoicerConfig, 'TOLLGATE_MODE' | 'PUBLIC_URL'>): boolean {
  if (TOLLGATE_MODE === 'sandbox' || PUBLIC_URL === undefined) return true;
  return PUBLIC_URL.startsWith('https://') && !isLoopback(PUBLIC_URL);
}
