import { plannedTypes } from '../../services/invoicer/src/stripe-events/event-table.ts';

/** The events to subscribe to: all that we know what to do about, but thin ones and those of Stripe's own sandboxes. */
export const subscribedEvents: readonly string[] = plannedTypes.filter(
  (type) => !type.startsWith('v1.') && !type.startsWith('test_helpers.'),
);
