import { z } from 'zod';

const queuedFaultsMax = 10_000;

/** What may go wrong with one send call. `afterTaking` tells whether the messages were taken over nevertheless. */
export const SendFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.literal([400, 401, 403, 429, 500, 503]),
    message: z.string().optional(),
    afterTaking: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('auth400') }),
  z.strictObject({ kind: z.literal('hang'), afterTaking: z.boolean() }),
  z.strictObject({ kind: z.literal('cut'), afterTaking: z.boolean() }),
  z.strictObject({ kind: z.literal('refuse') }),
  z.strictObject({ kind: z.literal('partial'), accepted: z.int().min(0) }),
  z.strictObject({ kind: z.literal('emptyAnswer') }),
  z.strictObject({ kind: z.literal('keyAsNumber') }),
]);

export type SendFault = z.output<typeof SendFault>;

/** What may go wrong with every look-up, listing and account call. */
export const LookupFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.literal([400, 401, 403, 429, 500, 503]),
    message: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('cut') }),
]);

export type LookupFault = z.output<typeof LookupFault>;

const ReportFaults = z.strictObject({
  /** How many of the next reports are never posted. */
  lose: z.int().min(0).optional(),
  /** Post every report twice. */
  double: z.boolean().optional(),
  /** Post `sent` after the final report. */
  reverse: z.boolean().optional(),
  /** Post `sending` before `sent`. */
  sending: z.boolean().optional(),
  /** Post reports this much later; look-ups know the state on time. */
  delayMs: z.int().min(0).optional(),
  /** How messages end. `rejected` and `failed` come without `sent`; `sentOnly` never ends. */
  result: z.enum(['delivered', 'undelivered', 'rejected', 'failed', 'sentOnly']).optional(),
  /** The `result_info` of the last report. */
  resultInfo: z.string().optional(),
  /** The number of parts reported and charged, whatever the text. */
  partCount: z.int().min(1).optional(),
});

export type ReportFaults = z.output<typeof ReportFaults>;

/** Everything that can be switched. An empty object is the provider on a good day. */
export const Faults = z.strictObject({
  /** Consumed one per send call that would otherwise be accepted. */
  nextSends: z.array(SendFault).max(queuedFaultsMax).default([]),
  /** For every send call once `nextSends` is empty. */
  always: SendFault.optional(),
  lookups: LookupFault.optional(),
  reports: ReportFaults.default({}),
  /** The provider's credit in CZK, falling as messages are sent; absent means unlimited. */
  credit: z.number().min(0).optional(),
  /** How many identical messages a recipient may get before more are rejected; absent means any number. */
  identicalLimit: z.int().min(1).optional(),
  /** How long a message stays out of the day listing after it was accepted. */
  listingLagMs: z.int().min(0).default(0),
  /** Hold promotional messages outside 08:00 to 20:00 as the provider does; off so that tests work at night. */
  promotionalHours: z.boolean().default(false),
});

export type Faults = z.output<typeof Faults>;
export type FaultsInput = z.input<typeof Faults>;
