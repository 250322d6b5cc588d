import type Stripe from 'stripe';
import { applyTopUpSession } from './apply-top-up-session.ts';
import { creditTopUp } from './credit-top-up.ts';
import { expectedPayment } from './expected-payment.ts';
import { failAutomaticTopUp } from './fail-automatic-top-up.ts';
import { findTopUp } from './find-top-up.ts';
import { moveTopUp, stopTopUp } from './move-top-up.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/**
 * Brings a top-up to the state of its payment, which is read again. The payment behind a Checkout page
 * is told of by its session, so that there is one way to credit. Returns what was done.
 */
export async function applyTopUpIntent(deps: StripeObjectDeps, paymentIntentId: string): Promise<string> {
  const intent = await deps.stripe.paymentIntents.retrieve(paymentIntentId);
  const topUp = await findTopUp(deps.prisma, { metadata: intent.metadata, paymentIntentId });
  if (!topUp) return 'not ours';
  if (topUp.kind === 'checkout') {
    const sessionId = topUp.sessionId ?? (await sessionOf(deps, paymentIntentId));
    return sessionId === null ? 'its session is not there yet' : applyTopUpSession(deps, sessionId);
  }
  const expected = expectedPayment(topUp);
  const asked = expected.netMinor + expected.ownVatMinor;
  switch (intent.status) {
    case 'succeeded': {
      const fits =
        expected.ownVatMinor >= 0n &&
        intent.currency === topUp.currency.toLowerCase() &&
        BigInt(intent.amount_received) === asked;
      if (!fits) {
        const detail = `${paymentIntentId}: ${intent.amount_received} ${intent.currency} came, ${asked} was asked for`;
        await stopTopUp(deps, topUp, detail);
        return `stopped: ${detail}`;
      }
      const credited = await creditTopUp(deps, topUp, {
        reference: `intent ${paymentIntentId}`,
        sessionId: null,
        paymentIntentId,
        vatMinor: expected.ownVatMinor,
        grossMinor: asked,
      });
      return credited ? 'credited' : 'was credited';
    }
    case 'processing':
      await moveTopUp(deps, topUp, { state: 'pending', paymentIntentId });
      return 'payment on its way';
    default:
      await failAutomaticTopUp(deps, topUp, { reason: reasonOf(intent), paymentIntentId });
      return 'payment failed';
  }
}

async function sessionOf({ stripe }: StripeObjectDeps, paymentIntentId: string): Promise<string | null> {
  const { data } = await stripe.checkout.sessions.list({ payment_intent: paymentIntentId, limit: 1 });
  return data[0]?.id ?? null;
}

/** Why a payment failed, in Stripe's own word for it. */
export function reasonOf(intent: Pick<Stripe.PaymentIntent, 'status' | 'last_payment_error'>): string {
  const { decline_code: decline, code } = intent.last_payment_error ?? {};
  return decline ?? code ?? intent.status;
}
