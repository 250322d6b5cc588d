import * as queues from '@tollgate/shared/queues/catalog.ts';
import { type Consumer, type ConsumerOptions, consume } from '@tollgate/shared/runtime/consumer.ts';
import { type CloseDueDeps, closeDuePeriods } from './close-periods/close-due-periods.ts';
import { type CollectDeps, collectInvoice } from './collect-invoice/collect-invoice.ts';
import { type ApplyEventDeps, applyStripeEvent } from './stripe-events/apply-stripe-event.ts';
import { tendStripe } from './tend-stripe.ts';
import { advanceTopUp } from './top-ups/advance-top-up.ts';
import type { ChargeTopUpDeps } from './top-ups/charge-automatic-top-up.ts';

type Common = Pick<ConsumerOptions<unknown>, 'connection' | 'logger' | 'bury'>;

/** How many consumers this service runs; the queue connection is sized by it. */
export const CONSUMER_COUNT = 5;

/** Every queue this service consumes, and what it does with its jobs. */
export function startConsumers(
  common: Common,
  deps: CloseDueDeps & CollectDeps & ApplyEventDeps & ChargeTopUpDeps & { mode: 'sandbox' | 'live' },
): Consumer[] {
  return [
    consume({
      ...common,
      queue: queues.closePeriods,
      concurrency: 1,
      async handle({ trigger, tenantId, asOf }) {
        await closeDuePeriods(deps, {
          trigger,
          tenantId,
          // Outside a sandbox nothing is closed before its end, whoever wrote the job.
          asOf: asOf === undefined || deps.mode !== 'sandbox' ? undefined : new Date(asOf),
        });
      },
    }),
    consume({
      ...common,
      queue: queues.collectInvoice,
      concurrency: 4,
      handle: ({ invoiceId }) => collectInvoice(deps, invoiceId),
    }),
    consume({
      ...common,
      queue: queues.advanceTopUp,
      concurrency: 4,
      async handle({ topUpId }) {
        await advanceTopUp(deps, topUpId);
      },
    }),
    consume({
      ...common,
      queue: queues.applyStripeEvent,
      concurrency: 4,
      handle: ({ inboxId }) => applyStripeEvent(deps, inboxId),
    }),
    consume({
      ...common,
      queue: queues.tendStripe,
      concurrency: 1,
      handle: (payload) => tendStripe(deps, payload),
    }),
  ];
}
