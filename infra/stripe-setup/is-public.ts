import { isLoopback } from '@tollgate/shared/runtime/loopback.ts';

/** Whether Stripe could post to an address: https, and not this machine or a private network by its form. */
export function isPublic(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const isPrivate =
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|\.(local|internal|localhost)$|^localhost$/.test(hostname);
  return protocol === 'https:' && !isPrivate && !isLoopback(url);
}
