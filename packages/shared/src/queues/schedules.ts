import type { Schedule } from '../runtime/scheduler.ts';
import { closePeriods, tendStripe } from './catalog.ts';
import type { PayloadOf } from './define-queue.ts';

/**
 * When billing looks, in UTC. A tick means "look now": each closes every ended period of any cadence,
 * so no time zone waits for its own tick, and a missed one is made up for by the next.
 */
export const billingSchedules: readonly Schedule<PayloadOf<typeof closePeriods>>[] = [
  { name: 'billing-daily', queue: closePeriods, cron: '0 2 * * *', payload: { trigger: 'daily' } },
  { name: 'billing-weekly', queue: closePeriods, cron: '0 3 * * 1', payload: { trigger: 'weekly' } },
  { name: 'billing-monthly', queue: closePeriods, cron: '0 4 1 * *', payload: { trigger: 'monthly' } },
  { name: 'billing-catch-up', queue: closePeriods, cron: '*/15 * * * *', payload: { trigger: 'catch-up' } },
];

/**
 * When we look at Stripe, in UTC. Where no webhook can reach us, the list of events is what we hear of
 * Stripe by, so it is read every minute; else it only makes up for what was lost.
 */
export function stripeSchedules({
  hearsWebhooks,
}: {
  hearsWebhooks: boolean;
}): readonly Schedule<PayloadOf<typeof tendStripe>>[] {
  const cron = hearsWebhooks ? '10 * * * *' : '* * * * *';
  return [
    { name: 'stripe-catch-up', queue: tendStripe, cron, payload: { task: 'catch-up' } },
    { name: 'stripe-compare', queue: tendStripe, cron: '30 3 * * *', payload: { task: 'compare' } },
    {
      name: 'stripe-pending-items',
      queue: tendStripe,
      cron: '0 5 * * *',
      payload: { task: 'pending-items' },
    },
    { name: 'stripe-meters', queue: tendStripe, cron: '30 5 * * *', payload: { task: 'meters' } },
  ];
}
