import { commonConfig, configTypes } from '@tollgate/shared/runtime/config.ts';
import { z } from 'zod';

const { urlWithProtocol } = configTypes;

export const InvoicerConfig = z
  .object({
    ...commonConfig,
    STRIPE_SECRET_KEY: z
      .string({ error: 'is missing: the secret or restricted key of your Stripe account' })
      .min(1),
    STRIPE_API_BASE: urlWithProtocol('http', 'https').default('https://api.stripe.com'),
  })
  .superRefine((config, context) => {
    const simulated = !new URL(config.STRIPE_API_BASE).hostname.endsWith('stripe.com');
    const liveKey = /^(sk|rk)_live_/.test(config.STRIPE_SECRET_KEY);
    // A typo must neither pretend to bill nor bill for real.
    if (config.TOLLGATE_MODE === 'live' && simulated) {
      context.addIssue({
        code: 'custom',
        path: ['STRIPE_API_BASE'],
        message: 'is a simulator, but TOLLGATE_MODE is live',
      });
    }
    if (config.TOLLGATE_MODE === 'sandbox' && liveKey) {
      context.addIssue({
        code: 'custom',
        path: ['STRIPE_SECRET_KEY'],
        message: 'is a live key, but TOLLGATE_MODE is sandbox',
      });
    }
    if (config.TOLLGATE_MODE === 'sandbox' && !simulated) {
      context.addIssue({
        code: 'custom',
        path: ['STRIPE_API_BASE'],
        message: 'is the real Stripe, but TOLLGATE_MODE is sandbox',
      });
    }
  });

export type InvoicerConfig = z.infer<typeof InvoicerConfig>;
