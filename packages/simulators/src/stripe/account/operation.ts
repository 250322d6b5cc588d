import type { z } from 'zod';
import type { StripeRefusal } from '../wire/stripe-refusal.ts';
import type { Account } from './account.ts';

/** What comes of an operation: an object, or a refusal whose writes stay (a declined payment). */
export type Outcome = object | StripeRefusal;

/** A call Stripe answers; the path names its variable part `:id`. */
export interface Operation {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  params: z.ZodType<{ expand?: string[] | undefined }>;
  /** `params` are what the schema made of the call. Throws StripeRefusal to write nothing. */
  run: (account: Account, params: never, id: string) => Outcome;
}

/** Ties the parameters of an operation to their schema. */
export function defineOperation<Params extends { expand?: string[] | undefined }>(operation: {
  method: Operation['method'];
  path: string;
  params: z.ZodType<Params>;
  run: (account: Account, params: Params, id: string) => Outcome;
}): Operation {
  return operation as Operation;
}
