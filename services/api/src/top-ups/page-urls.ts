import { z } from 'zod';

/** Where a customer comes back to from Stripe's page. */
export const PageUrl = z
  .string()
  .max(2_000, { error: 'must have at most 2,000 characters' })
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: 'must be an address that starts with https:// or http://',
  });

export const PAID_PATH = '/billing/paid';
export const CANCELED_PATH = '/billing/canceled';

/** The pages of ours, where the caller named none. */
export function pageUrls(
  publicUrl: string,
  given: { successUrl?: string | undefined; cancelUrl?: string | undefined },
) {
  const base = publicUrl.replace(/\/$/, '');
  return {
    successUrl: given.successUrl ?? `${base}${PAID_PATH}`,
    cancelUrl: given.cancelUrl ?? `${base}${CANCELED_PATH}`,
  };
}
