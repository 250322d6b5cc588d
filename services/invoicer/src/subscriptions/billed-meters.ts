import type Stripe from 'stripe';
import { type CollectSettings, settingsOf } from '../collect-invoice/collect-deps.ts';

/** Which of our meters the prices of a subscription bill at Stripe, by the configured event names. */
export async function billedMeters(
  { stripe, ...deps }: { stripe: Stripe; collectSettings?: CollectSettings },
  subscription: Pick<Stripe.Subscription, 'items'>,
): Promise<string[]> {
  const { meters } = settingsOf(deps);
  const billed = new Set<string>();
  for (const { price } of subscription.items.data) {
    const meterId = price.recurring?.meter;
    if (!meterId) continue;
    const { event_name: eventName } = await stripe.billing.meters.retrieve(meterId);
    for (const [meter, name] of Object.entries(meters)) if (name === eventName) billed.add(meter);
  }
  return [...billed].toSorted();
}
