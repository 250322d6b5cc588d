import { z } from 'zod';

const queuedFaultsMax = 10_000;

const Refusal = z.strictObject({
  kind: z.literal('status'),
  status: z.literal([400, 401, 403, 404, 429, 500, 503]),
  /** Twilio's error code; one that goes with the status by default. */
  code: z.int().optional(),
  message: z.string().optional(),
});

/** What may go wrong with one send call. `afterTaking` tells whether the message was taken nevertheless. */
export const SendFault = z.discriminatedUnion('kind', [
  Refusal.extend({ afterTaking: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('hang'), afterTaking: z.boolean() }),
  z.strictObject({ kind: z.literal('cut'), afterTaking: z.boolean() }),
  /** 201 with a body that names no message. */
  z.strictObject({ kind: z.literal('emptyAnswer'), afterTaking: z.boolean() }),
]);

export type SendFault = z.output<typeof SendFault>;

/** What may go wrong with every fetch, list and account call. */
export const LookupFault = z.discriminatedUnion('kind', [
  Refusal,
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('cut') }),
]);

export type LookupFault = z.output<typeof LookupFault>;

const CallbackFaults = z.strictObject({
  /** How many of the next callbacks are never posted. */
  lose: z.int().min(0).optional(),
  /** Post every callback twice. */
  double: z.boolean().optional(),
  /** Post `sent` after the final callback. */
  reverse: z.boolean().optional(),
  /** Post callbacks this much later; look-ups know the state on time. */
  delayMs: z.int().min(0).optional(),
});

const Results = z.strictObject({
  /** How messages end. `failed` comes without `sent`; `sentOnly` never ends. */
  status: z.enum(['delivered', 'undelivered', 'failed', 'sentOnly']).optional(),
  errorCode: z.int().optional(),
});

/** Everything that can be switched. An empty object is the provider on a good day. */
export const Faults = z.strictObject({
  /** Consumed one per send call that would otherwise be accepted. */
  nextSends: z.array(SendFault).max(queuedFaultsMax).default([]),
  /** For every send call once `nextSends` is empty. */
  always: SendFault.optional(),
  lookups: LookupFault.optional(),
  callbacks: CallbackFaults.default({}),
  results: Results.default({}),
  account: z.enum(['active', 'suspended', 'closed']).default('active'),
  /** How long a message stays out of the listing after it was taken. */
  listingLagMs: z.int().min(0).default(0),
});

export type Faults = z.output<typeof Faults>;
export type FaultsInput = z.input<typeof Faults>;
