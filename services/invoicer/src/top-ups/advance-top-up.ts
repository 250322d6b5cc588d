import { openCheckout } from '@tollgate/shared/stripe/open-checkout.ts';
import { readTopUp } from '@tollgate/shared/stripe/top-ups.ts';
import { applyTopUpIntent } from './apply-top-up-intent.ts';
import { applyTopUpSession } from './apply-top-up-session.ts';
import { type ChargeTopUpDeps, chargeAutomaticTopUp } from './charge-automatic-top-up.ts';

/**
 * Does what a top-up still needs: opens its page, charges its card, or asks Stripe how it stands where
 * no event told. Returns what was done. Throws for what passes by itself.
 */
export async function advanceTopUp(deps: ChargeTopUpDeps, topUpId: string): Promise<string> {
  const topUp = await readTopUp(deps.prisma, topUpId);
  if (!topUp) return 'no such top-up';
  if (topUp.state !== 'created' && topUp.state !== 'pending') return `is ${topUp.state}`;
  if (topUp.kind === 'automatic') {
    if (topUp.paymentIntentId === null) return chargeAutomaticTopUp(deps, topUp);
    return applyTopUpIntent(deps, topUp.paymentIntentId);
  }
  if (topUp.sessionId !== null) return applyTopUpSession(deps, topUp.sessionId);
  const opened = await openCheckout(deps, topUpId);
  return opened.sessionId === null ? `is ${opened.state}` : 'page opened';
}
