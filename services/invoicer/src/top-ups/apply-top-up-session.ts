import type Stripe from 'stripe';
import { creditTopUp } from './credit-top-up.ts';
import { decideSession } from './decide-session.ts';
import { expectedPayment } from './expected-payment.ts';
import { findTopUp } from './find-top-up.ts';
import { moveTopUp, stopTopUp } from './move-top-up.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/**
 * Brings a top-up to the state of its Checkout session, which is read again: the one way from a page
 * to credit, for events and the sweep alike. Returns what was done.
 */
export async function applyTopUpSession(deps: StripeObjectDeps, sessionId: string): Promise<string> {
  const session = await deps.stripe.checkout.sessions.retrieve(sessionId, { expand: ['payment_intent'] });
  const topUp = await findTopUp(deps.prisma, { metadata: session.metadata, sessionId });
  if (!topUp || session.mode !== 'payment') return 'not ours';
  const intent = session.payment_intent as Stripe.PaymentIntent | null;
  const ids = { sessionId, paymentIntentId: intent?.id };
  const decision = decideSession(
    { ...session, intentStatus: intent?.status ?? null },
    expectedPayment(topUp),
  );
  switch (decision.kind) {
    case 'paid': {
      const credited = await creditTopUp(deps, topUp, {
        reference: `checkout ${sessionId}`,
        sessionId,
        paymentIntentId: intent?.id ?? null,
        vatMinor: decision.vatMinor,
        grossMinor: decision.grossMinor,
      });
      return credited ? 'credited' : 'was credited';
    }
    case 'mismatch':
      await stopTopUp(deps, topUp, `${sessionId}: ${decision.detail}`);
      return `stopped: ${decision.detail}`;
    case 'waiting':
      return 'not paid yet';
    case 'pending':
      await moveTopUp(deps, topUp, { state: 'pending', ...ids });
      return 'payment on its way';
    case 'failed': {
      const lastError = intent?.last_payment_error?.code ?? 'the payment failed';
      await moveTopUp(deps, topUp, { state: 'failed', ...ids, lastError });
      return 'payment failed';
    }
    case 'expired':
      await moveTopUp(deps, topUp, { state: 'expired', ...ids });
      return 'expired';
  }
}
