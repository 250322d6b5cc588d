import type { tendStripe as queue } from '@tollgate/shared/queues/catalog.ts';
import type { PayloadOf } from '@tollgate/shared/queues/define-queue.ts';
import { tellMeters } from './collect-invoice/meters/tell-meters.ts';
import { sweepPendingItems } from './collect-invoice/stripe/sweep-pending-items.ts';
import { compareNightly } from './compare-with-stripe/compare-nightly.ts';
import { catchUpWithStripe } from './stripe-catch-up/catch-up.ts';
import type { ApplyEventDeps } from './stripe-events/apply-event-deps.ts';

/** What is done at Stripe by the clock instead of by a row. */
export async function tendStripe(
  deps: ApplyEventDeps,
  { task, tenantId }: PayloadOf<typeof queue>,
): Promise<void> {
  switch (task) {
    case 'catch-up':
      await catchUpWithStripe(deps);
      return;
    case 'compare':
      await compareNightly(deps);
      return;
    case 'pending-items':
      await sweepPendingItems(deps);
      return;
    case 'meters':
      await tellMeters(deps, tenantId === undefined ? {} : { tenantId });
      return;
  }
}
