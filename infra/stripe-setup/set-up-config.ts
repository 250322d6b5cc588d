import { configTypes } from '@tollgate/shared/runtime/config.ts';
import { stripeConfig } from '@tollgate/shared/stripe/stripe-config.ts';
import { z } from 'zod';

const { urlWithProtocol } = configTypes;

/** What the set-up reads of the environment. */
export const SetUpConfig = z.object({
  DATABASE_URL: urlWithProtocol('postgres', 'postgresql'),
  PUBLIC_URL: urlWithProtocol('http', 'https'),
  STRIPE_SECRET_KEY: stripeConfig.STRIPE_SECRET_KEY,
  STRIPE_API_BASE: stripeConfig.STRIPE_API_BASE,
});
