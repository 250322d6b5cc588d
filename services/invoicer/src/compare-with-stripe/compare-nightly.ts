import { closeOperatorAlert, raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import type { StripeDifference } from '@tollgate/shared/stripe/compare-pushes.ts';
import { type CompareDeps, compareWithStripe } from '@tollgate/shared/stripe/compare-with-stripe.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import type { CollectSettings } from '../collect-invoice/collect-deps.ts';
import { checkPrices } from '../stripe-events/check-prices.ts';

const KIND_PREFIX = 'stripe_item_';
const LOOK_BACK_DAYS = 70;

/**
 * Compares what we pushed in the last seventy days with Stripe, and the configured prices with ours:
 * every difference raises an alert, one that is over closes it. Returns the differences.
 */
export async function compareNightly(
  deps: CompareDeps & { collectSettings?: CollectSettings },
): Promise<StripeDifference[]> {
  const { prisma, clock } = deps;
  const now = clock.now();
  const since = new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS);
  const differences = await compareWithStripe(deps, { since });
  for (const { kind, subject, tenantId, detail } of differences)
    await raiseOperatorAlert(prisma, { kind: KIND_PREFIX + kind, subject, tenantId, detail }, now);
  const open = await prisma.operatorAlert.findMany({
    where: { kind: { startsWith: KIND_PREFIX }, closedAt: null },
    select: { kind: true, subject: true },
  });
  for (const alert of open) {
    const isStill = differences.some(
      ({ kind, subject }) => KIND_PREFIX + kind === alert.kind && subject === alert.subject,
    );
    if (!isStill) await closeOperatorAlert(prisma, alert, now, 'tollgate');
  }
  await alertOldDrafts(deps);
  await checkPrices(deps);
  return differences;
}

const DRAFT_AGE_MS_MAX = 2 * DAY_MS;

/** A draft of ours that nobody finalized for two days asks for no money. */
async function alertOldDrafts({ prisma, clock }: CompareDeps): Promise<void> {
  const now = clock.now();
  const drafts = await prisma.stripePush.findMany({
    where: {
      kind: 'draft_invoice',
      state: { in: ['sent', 'confirmed', 'needs_human'] },
      firstSentAt: { lt: new Date(now.getTime() - DRAFT_AGE_MS_MAX) },
      invoice: {
        state: { in: ['issued', 'payment_failed'] },
        pushes: { none: { kind: 'finalize', state: 'confirmed' } },
      },
    },
  });
  for (const { id, tenantId, stripeId } of drafts) {
    const detail = `${stripeId ?? 'a draft'} has not been finalized for two days`;
    await raiseOperatorAlert(prisma, { kind: 'stripe_draft_old', subject: id, tenantId, detail }, now);
  }
}
