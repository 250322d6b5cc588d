import { z } from 'zod';

/** The arrows from request to payment, in order; each leaves a row under a natural key. */
export const arrows = [
  'accepted',
  'reserved',
  'handed_over',
  'reported',
  'charged',
  'refunded',
  'metered',
  'rolled_up',
  'invoiced',
  'pushed',
  'paid',
] as const;

export type Arrow = (typeof arrows)[number];

const instant = z.iso.datetime();
const text = z.string().nullable();
const amount = z.string().meta({ example: '1.50' });

function step<Name extends Arrow, Facts extends z.ZodRawShape>(name: Name, facts: Facts) {
  return z.object({
    step: z.literal(name),
    key: z.string().meta({ description: 'The natural key: doing the step again finds it done.' }),
    at: instant.nullable().meta({ description: 'When it was done; null where only the fact is kept.' }),
    ...facts,
  });
}

const entry = { transactionId: z.string(), amount, currency: z.string() };

export const TraceStep = z
  .discriminatedUnion('step', [
    step('accepted', { traceId: text, segments: z.number().int(), price: amount, currency: z.string() }),
    step('reserved', {
      state: z.enum(['open', 'captured', 'released']),
      amount,
      resolvedAt: instant.nullable(),
    }),
    step('handed_over', {
      attemptId: z.string(),
      number: z.number().int(),
      provider: z.string(),
      outcome: text,
      providerMessageId: text,
    }),
    step('reported', { attemptId: z.string(), result: z.string(), source: z.string(), occurredAt: instant }),
    step('charged', entry),
    step('refunded', entry),
    step('metered', { usageEventId: z.string(), quantity: z.string(), amount, country: text }),
    step('rolled_up', { rollupId: z.string(), usageEventId: z.string(), day: z.iso.date() }),
    step('invoiced', {
      invoiceId: z.string(),
      periodId: z.string(),
      state: z.string(),
      document: z.string(),
      lines: z.array(z.number().int()).meta({ description: 'Positions of the lines that hold the message.' }),
    }),
    step('pushed', { invoiceId: z.string(), pushId: z.string(), state: z.string(), stripeId: text }),
    step('paid', { invoiceId: z.string(), transactionId: text, stripeInvoiceNumber: text }),
  ])
  .meta({ id: 'TraceStep' });

export type TraceStep = z.infer<typeof TraceStep>;

export const TraceView = z
  .object({
    messageId: z.string(),
    state: z.string(),
    reached: z.enum(arrows).meta({ description: 'The furthest step so far.' }),
    complete: z.boolean().meta({ description: 'Whether nothing is left to happen, up to the payment.' }),
    steps: z.array(TraceStep),
  })
  .meta({ id: 'MessageTrace', description: 'One message from its request to its payment, step by step.' });

export type TraceView = z.infer<typeof TraceView>;
