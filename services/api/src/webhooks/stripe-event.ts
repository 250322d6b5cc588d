import Stripe from 'stripe';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';
import { storableText } from '../problems/storable-text.ts';

export type StripeDelivery = {
  signature: string;
  /** Of every endpoint and destination at Stripe that posts here: each has its own. */
  secrets: readonly string[];
  receivedAt: Date;
};

const SignedEvent = z.object({ id: storableText(200) });

/**
 * The id of an event, snapshot or thin, that Stripe signed with one of the secrets within the last five
 * minutes (https://docs.stripe.com/webhooks/signature). Throws a Problem for any other body.
 */
export function readStripeEventId(body: string, { signature, secrets, receivedAt }: StripeDelivery): string {
  const isSigned = secrets.some((secret) => isSignedWith(body, { signature, secret, receivedAt }));
  if (!isSigned)
    throw new Problem('invalid_signature', 'Stripe-Signature does not fit the body, or is too old');
  try {
    return SignedEvent.parse(JSON.parse(body)).id;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw new Problem('invalid_request', 'the body is no event of Stripe');
    }
    throw error;
  }
}

/** By the signature alone: the library's `constructEvent` refuses thin events. */
function isSignedWith(
  body: string,
  { signature, secret, receivedAt }: { signature: string; secret: string; receivedAt: Date },
): boolean {
  try {
    return (
      Stripe.webhooks.signature?.verifyHeader(
        body,
        signature,
        secret,
        undefined,
        undefined,
        receivedAt.getTime(),
      ) ?? false
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}
