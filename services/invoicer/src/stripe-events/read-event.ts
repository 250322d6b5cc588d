import { stripeApiVersion } from '@tollgate/shared/stripe/stripe-client.ts';
import { z } from 'zod';
import { type EventPlan, planOf } from './event-table.ts';

const reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();

/** Only which object an event is about is taken from it; what happened is read from Stripe. */
const StripeEvent = z.object({
  id: z.string(),
  type: z.string(),
  livemode: z.boolean().nullish(),
  api_version: z.string().nullish(),
  related_object: z.object({ id: z.string() }).nullish(),
  data: z
    .object({
      object: z.object({ id: z.string().optional(), customer: reference, invoice: reference }),
      previous_attributes: z.object({ customer: reference }).nullish(),
    })
    .optional(),
});

export type ReadEvent =
  | { kind: 'planned'; type: string; plan: EventPlan; objectId: string }
  /** Kept as it is until somebody has looked: it would be misread, or is of another Stripe account. */
  | { kind: 'foreign'; type: string; detail: string }
  | { kind: 'unreadable' };

/**
 * What an event asks to be done. One of the other mode, or rendered in another version of the API than
 * our code was written for, is foreign.
 */
export function readEvent(body: string, { livemode }: { livemode: boolean | undefined }): ReadEvent {
  const event = StripeEvent.safeParse(JSON.parse(body)).data;
  if (!event) return { kind: 'unreadable' };
  const { type, api_version: version, livemode: isLive } = event;
  if (livemode !== undefined && isLive !== null && isLive !== undefined && isLive !== livemode) {
    return { kind: 'foreign', type, detail: `it is of ${isLive ? 'live' : 'test'} mode` };
  }
  if (version && version !== stripeApiVersion) {
    return { kind: 'foreign', type, detail: `it is in API version ${version}, expected ${stripeApiVersion}` };
  }
  const plan = planOf(type);
  const object = event.data?.object;
  if (plan.kind === 'ignored') return { kind: 'planned', type, plan, objectId: object?.id ?? '' };
  const objectId = objectIdOf(event, plan.of);
  return objectId
    ? { kind: 'planned', type, plan, objectId }
    : { kind: 'planned', type, plan: { kind: 'ignored', reason: `it names no ${plan.of}` }, objectId: '' };
}

function objectIdOf(
  { id, data, related_object: related }: z.infer<typeof StripeEvent>,
  of: 'object' | 'customer' | 'invoice' | 'event',
): string | null | undefined {
  switch (of) {
    case 'customer':
      return data?.object.customer ?? data?.previous_attributes?.customer;
    case 'invoice':
      return data?.object.invoice;
    case 'event':
      return id;
    case 'object':
      return data?.object.id ?? related?.id;
  }
}
