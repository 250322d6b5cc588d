import { commonConfig, configTypes } from '@tollgate/shared/runtime/config.ts';
import { refuseMixedStripe, stripeConfig } from '@tollgate/shared/stripe/stripe-config.ts';
import { z } from 'zod';

const { port, urlWithProtocol } = configTypes;

export const ApiConfig = z
  .object({
    ...commonConfig,
    ...stripeConfig,
    /** Without it no credit and no plan is sold through this api. */
    STRIPE_SECRET_KEY: stripeConfig.STRIPE_SECRET_KEY.optional(),
    PORT: port.default(3000),
    PUBLIC_URL: urlWithProtocol('http', 'https'),
    TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
    SMS_MANAGER_CALLBACK_SECRET: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
    TWILIO_AUTH_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[^\s,]+(,\s*whsec_[^\s,]+)*$/, {
        error: 'must be secrets that start with whsec_, separated by commas',
      })
      .optional(),
    RATE_LIMIT_REQUESTS: z.coerce.number().int().min(1).default(3_000),
    RATE_LIMIT_SECONDS: z.coerce.number().int().min(1).max(3_600).default(10),
    CRON_SECRET: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  })
  .superRefine(refuseMixedStripe);

export type ApiConfig = z.infer<typeof ApiConfig>;
