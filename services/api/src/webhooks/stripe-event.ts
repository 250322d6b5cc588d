import Stripe from 'stripe';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';
import { storableText } from '../problems/storable-text.ts';

export type StripeDelivery = { signature: string; secret: string; receivedAt: Date };

const SignedEvent = z.object({ id: storableText(200) });

/**
 * The id of an event that Stripe signed within the last five minutes (https://docs.stripe.com/webhooks/signature).
 * Throws a Problem for any other body.
 */
export function readStripeEventId(body: string, { signature, secret, receivedAt }: StripeDelivery): string {
  try {
    const event = Stripe.webhooks.constructEvent(
      body,
      signature,
      secret,
      undefined,
      undefined,
      receivedAt.getTime(),
    );
    return SignedEvent.parse(event).id;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
      throw new Problem('invalid_signature', 'Stripe-Signature does not fit the body, or is too old');
    }
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw new Problem('invalid_request', 'the body is no event of Stripe');
    }
    throw error;
  }
}
