import type { Catalogue } from './read-catalogue.ts';
import type { SetUpDeps } from './set-up-stripe.ts';

/** Makes the meters that are missing. One is found by its event name, which no other active meter has. */
export async function setUpMeters(
  { stripe, told }: SetUpDeps,
  { meters }: Catalogue,
): Promise<{ environment: string[] }> {
  const known = new Map<string, string>();
  for await (const meter of stripe.billing.meters.list({ status: 'active', limit: 100 }))
    known.set(meter.event_name, meter.display_name);
  for (const { id, name } of meters) {
    const eventName = `tollgate_${id}`;
    if (known.has(eventName)) continue;
    await stripe.billing.meters.create(
      {
        display_name: name,
        event_name: eventName,
        default_aggregation: { formula: 'sum' },
        customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
        value_settings: { event_payload_key: 'value' },
      },
      { idempotencyKey: `tollgate:setup:meter:${eventName}` },
    );
    told(`made meter ${eventName}`);
  }
  return { environment: meters.map(({ id }) => `STRIPE_METER_${id.toUpperCase()}=tollgate_${id}`) };
}
