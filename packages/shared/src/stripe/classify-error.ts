import Stripe from 'stripe';

/** What a call to Stripe that threw means for the row that asked for it. */
export type StripeVerdict =
  /** Nobody knows: the same key and parameters again, and after 20 hours a look-up first. */
  | { kind: 'unknown'; detail: string }
  /** The key replays a stored failure, so it will never succeed: look up, then a new key. */
  | { kind: 'stored_failure'; detail: string }
  /** Not now: rate limit, or another worker holds the key. */
  | { kind: 'later'; detail: string }
  /** Our key or our rights: nothing about this row, everything waits. */
  | { kind: 'misconfigured'; detail: string }
  /** Refused for good: a person has to look. */
  | { kind: 'rejected'; detail: string };

/** By the error's class and headers only. Rethrows what Stripe's library did not throw. */
export function classifyStripeError(error: unknown): StripeVerdict {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const detail = [error.type, error.code, error.requestId].filter(Boolean).join(' ');
  const replayed = error.headers?.['idempotent-replayed'] === 'true';
  if (error instanceof Stripe.errors.StripeConnectionError) return { kind: 'unknown', detail };
  if (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  ) {
    return { kind: 'misconfigured', detail };
  }
  if (error instanceof Stripe.errors.StripeRateLimitError)
    return { kind: replayed ? 'stored_failure' : 'later', detail };
  if (error instanceof Stripe.errors.StripeAPIError) {
    if (error.statusCode === 409) return { kind: 'later', detail };
    return { kind: replayed ? 'stored_failure' : 'unknown', detail };
  }
  return { kind: 'rejected', detail: `${detail} ${error.param ?? ''} ${error.message}`.slice(0, 500) };
}
