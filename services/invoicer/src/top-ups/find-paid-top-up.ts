import { readTopUp, type TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import { applyTopUpIntent } from './apply-top-up-intent.ts';
import { findTopUp } from './find-top-up.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

export type PaidTopUp = TopUpRow & { grossMinor: bigint };

/**
 * The top-up that a payment was for, credited first where the event of its payment has not come yet:
 * what is taken back was given before. Null where the payment was for something else.
 */
export async function findPaidTopUp(
  deps: StripeObjectDeps,
  paymentIntentId: string | null,
): Promise<PaidTopUp | null> {
  if (paymentIntentId === null) return null;
  const known = await findTopUp(deps.prisma, { paymentIntentId });
  if (known?.state === 'paid') return known as PaidTopUp;
  const { metadata } = await deps.stripe.paymentIntents.retrieve(paymentIntentId);
  const topUp = known ?? (await findTopUp(deps.prisma, { metadata }));
  if (!topUp) return null;
  if (topUp.state !== 'paid') await applyTopUpIntent(deps, paymentIntentId);
  const current = await readTopUp(deps.prisma, topUp.id);
  return current?.state === 'paid' && current.paymentIntentId === paymentIntentId
    ? (current as PaidTopUp)
    : null;
}
