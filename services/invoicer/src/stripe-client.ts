import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import Stripe from 'stripe';

/** Stripe's library, pinned to the API version that our code was written for, at the given address. */
export function createStripe({
  secretKey,
  apiBase,
  networkRetriesMax = 2,
}: {
  secretKey: string;
  apiBase: string;
  /** Other than 2 only where a test waits for them. */
  networkRetriesMax?: number;
}): Stripe {
  const { protocol, hostname, port } = new URL(apiBase);
  return new Stripe(secretKey, {
    apiVersion: '2026-10-28.endive',
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port === '' ? {} : { port }),
    // The push row is our retry; the library's own two only bridge a hiccup, with the same key.
    maxNetworkRetries: networkRetriesMax,
    timeout: 20 * SECOND_MS,
    telemetry: false,
    appInfo: { name: 'tollgate' },
  });
}
