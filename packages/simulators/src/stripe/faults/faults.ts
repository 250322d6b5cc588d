import { z } from 'zod';

const queuedFaultsMax = 10_000;

/** Only calls whose path begins so get the fault, `/v1/invoiceitems` for one. */
const path = z.string().startsWith('/').optional();

/** What may go wrong with one write. `afterWriting` tells whether Stripe carried it out nevertheless. */
export const WriteFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.literal([400, 401, 402, 403, 404, 409, 429, 500]),
    code: z.string().optional(),
    message: z.string().optional(),
    afterWriting: z.boolean().optional(),
    /** Sent as `Stripe-Should-Retry`, which the SDK obeys. */
    shouldRetry: z.boolean().optional(),
    path,
  }),
  /** 429 `lock_timeout`: nothing is written, and the failure stays under the idempotency key. */
  z.strictObject({ kind: z.literal('lockTimeout'), shouldRetry: z.boolean().optional(), path }),
  z.strictObject({ kind: z.literal('cut'), afterWriting: z.boolean(), path }),
  z.strictObject({ kind: z.literal('hang'), afterWriting: z.boolean(), path }),
]);

export type WriteFault = z.output<typeof WriteFault>;

/** What may go wrong with every read. */
export const ReadFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: z.literal([401, 403, 404, 429, 500]), path }),
  z.strictObject({ kind: z.literal('cut'), path }),
  z.strictObject({ kind: z.literal('hang'), path }),
]);

export type ReadFault = z.output<typeof ReadFault>;

const WebhookFaults = z.strictObject({
  /** How many of the next events are never posted. */
  lose: z.int().min(0).optional(),
  /** Post every event twice. */
  double: z.boolean().optional(),
  /** Make two events with ids of their own for every change. */
  twin: z.boolean().optional(),
  /** Post the events of one call in reverse order. */
  reverse: z.boolean().optional(),
  /** Post events this much later. */
  delayMs: z.int().min(0).optional(),
});

export type WebhookFaults = z.output<typeof WebhookFaults>;

/** Everything that can be switched. An empty object is Stripe on a good day. */
export const Faults = z.strictObject({
  /** Consumed one per write that would otherwise be carried out and whose path fits. */
  nextWrites: z.array(WriteFault).max(queuedFaultsMax).default([]),
  /** For every write that no fault of `nextWrites` fits. */
  always: WriteFault.optional(),
  reads: ReadFault.optional(),
  /** Every card payment fails, with this decline code or `generic_decline` for true. */
  declinePayments: z.union([z.boolean(), z.string().min(1)]).default(false),
  webhooks: WebhookFaults.default({}),
});

export type Faults = z.output<typeof Faults>;
export type FaultsInput = z.input<typeof Faults>;
