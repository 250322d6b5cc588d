import { applyStripeEvent } from '../src/stripe-events/apply-stripe-event.ts';
import type { StripeFixture } from './stripe-fixture.ts';

/** What is stored and waits, applied as the jobs would. */
export function createTestInbox({ prisma, deps }: Pick<StripeFixture, 'prisma' | 'deps'>) {
  return {
    async applyAll() {
      const waiting = await prisma.inboxEvent.findMany({ where: { appliedAt: null, wakeAt: { not: null } } });
      for (const { id } of waiting) await applyStripeEvent(deps, id);
    },
  };
}
