import { z } from 'zod';

/** What an operator may decide about a push that stopped. */
export const pushActions = ['adopt', 'retry', 'discard', 'look_up'] as const;

export type PushAction = (typeof pushActions)[number];

const Resolution = z.object({
  action: z.enum(pushActions),
  /** What to adopt. */
  stripeId: z.string().nullable(),
  reason: z.string().nullable(),
  /** The operator's e-mail. */
  by: z.string(),
  at: z.iso.datetime(),
  /** Null until the invoicer has carried it out. */
  doneAt: z.iso.datetime().nullable(),
  outcome: z.string().nullable(),
});

/** A wish that the api writes and the invoicer, which alone speaks to Stripe here, carries out. */
export type PushResolution = z.infer<typeof Resolution>;

/** Reads the column `resolution`; null where there is none. */
export function readResolution(value: unknown): PushResolution | null {
  return Resolution.nullable()
    .catch(null)
    .parse(value ?? null);
}
