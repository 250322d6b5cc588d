import { createStripe as createSharedStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import type Stripe from 'stripe';
import { pacedHttpClient } from './pace/paced-http-client.ts';

/** Of Stripe's 25 per second and endpoint, so that people and a second process still get through. */
const WRITES_PER_SECOND = 15;

/** Stripe's library at the given address, at a polite pace. */
export function createStripe(options: Parameters<typeof createSharedStripe>[0]): Stripe {
  return createSharedStripe({ ...options, httpClient: pacedHttpClient(WRITES_PER_SECOND) });
}
