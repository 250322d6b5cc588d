import type { Schedule } from '../runtime/scheduler.ts';
import { closePeriods } from './catalog.ts';
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
