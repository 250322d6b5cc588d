import Stripe from 'stripe';
import { SECOND_MS } from '../time/durations.ts';

/** The version that our code was written for: requests carry it, and webhook endpoints are made with it. */
export const stripeApiVersion = '2026-10-28.endive';

/** Stripe's library, pinned to the API version that our code was written for, at the given address. */
export function createStripe({
  secretKey,
  apiBase,
  networkRetriesMax = 2,
  timeoutMs = 20 * SECOND_MS,
  httpClient,
}: {
  secretKey: string;
  apiBase: string;
  /** Other than 2 only where somebody waits for the answer. */
  networkRetriesMax?: number;
  /** Of one try. */
  timeoutMs?: number;
  /** The library's own unless a service paces its calls. */
  httpClient?: Stripe.HttpClient;
}): Stripe {
  const { protocol, hostname, port } = new URL(apiBase);
  return new Stripe(secretKey, {
    apiVersion: stripeApiVersion,
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port === '' ? {} : { port }),
    // Our rows are the retry; the library's own two only bridge a hiccup, with the same key.
    maxNetworkRetries: networkRetriesMax,
    timeout: timeoutMs,
    telemetry: false,
    ...(httpClient && { httpClient }),
    appInfo: { name: 'tollgate' },
  });
}
