import { z } from 'zod';

const queuedFaultsMax = 10_000;

/** What may go wrong with one mail. `afterAccepting` tells whether it was kept nevertheless. */
export const MailFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refuse'),
    /** 4xx asks to try again, 5xx is final. */
    code: z.int().min(400).max(599),
    message: z.string().optional(),
    /** Where it is refused; after the data by default. */
    at: z.enum(['recipient', 'data']).default('data'),
  }),
  /** After accepting: the data are taken, then the connection is dropped before the reply. */
  z.strictObject({ kind: z.literal('cut'), afterAccepting: z.boolean() }),
  z.strictObject({ kind: z.literal('hang'), afterAccepting: z.boolean() }),
]);

export type MailFault = z.output<typeof MailFault>;

/** Everything that can be switched. An empty object is a server on a good day. */
export const Faults = z.strictObject({
  /** Consumed one per mail. */
  nextMails: z.array(MailFault).max(queuedFaultsMax).default([]),
  /** For every mail once `nextMails` is empty. */
  always: MailFault.optional(),
});

export type Faults = z.output<typeof Faults>;
export type FaultsInput = z.input<typeof Faults>;
