import { z } from 'zod';
import { storableText } from '../../problems/storable-text.ts';

export const EVENTS_MAX = 1_000;

/** So far back may usage lie that is told now: a month that has ended, and some days. */
export const AGE_DAYS_MAX = 35;

/** So far ahead may the caller's clock be. */
export const AHEAD_MINUTES_MAX = 5;

const QUANTITY_MAX = 1_000_000_000;
const shortText = storableText(100);
const key = z
  .string({ error: 'is your own key of the event' })
  .regex(/^[\x21-\x7e]{1,200}$/, { error: 'must be 1 to 200 visible ASCII characters' });

/** One thing that was used. */
export const UsageEventRequest = z
  .strictObject({
    key: key.meta({
      description: 'Yours, and unique among your events of the meter: the same one again is recorded once.',
      example: 'call-2026-03-10-0001',
    }),
    meter: storableText(63).meta({ example: 'call_made' }),
    quantity: z
      .int({ error: 'must be a whole number' })
      .min(-QUANTITY_MAX)
      .max(QUANTITY_MAX)
      .meta({ description: 'In the meter’s unit; below zero only in a correction.', example: 1 }),
    occurredAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({
        description: `Now unless given; at most ${AGE_DAYS_MAX} days ago.`,
      }),
    corrects: key.optional().meta({
      description:
        'The key of the event of this meter that the quantity is added to, or taken from. Everything else is that of the event.',
    }),
    user: shortText.optional().meta({ description: 'Your own id of the user.' }),
    resource: shortText.optional().meta({ description: 'Your own id of what was used.' }),
    campaign: shortText.optional(),
    metadata: z
      .record(storableText(40), storableText(500, { lengthMin: 0 }))
      .refine((metadata) => Object.keys(metadata).length <= 20, { error: 'may have at most 20 entries' })
      .optional(),
  })
  .check((context) => {
    const { corrects, quantity, ...event } = context.value;
    const refuse = (name: string, message: string) =>
      context.issues.push({ code: 'custom', path: [name], message, input: context.value });
    if (corrects === undefined) {
      if (quantity < 0)
        refuse(
          'quantity',
          'must not be negative, but in a correction, which names in "corrects" what it corrects',
        );
      return;
    }
    if (quantity === 0) refuse('quantity', 'a correction must change something');
    if (corrects === event.key) refuse('corrects', 'an event cannot correct itself');
    for (const name of ['occurredAt', 'user', 'resource', 'campaign'] as const) {
      if (event[name] !== undefined) refuse(name, 'is that of the event that is corrected');
    }
  })
  .meta({ id: 'UsageEventRequest' });

export type UsageEventRequest = z.infer<typeof UsageEventRequest>;

const count = { error: `must be 1 to ${EVENTS_MAX.toLocaleString('en')} events` };

export const UsageRequest = z
  .strictObject({ events: z.array(UsageEventRequest, count).min(1, count).max(EVENTS_MAX, count) })
  .meta({ id: 'UsageRequest' });

/** What is read of it as a whole: each event is read for itself, because a bad one fails alone. */
export const UsageEnvelope = z.strictObject({
  events: z.array(z.unknown(), count).min(1, count).max(EVENTS_MAX, count),
});

export const UsageResult = z
  .object({
    index: z.number().int(),
    key: z.string().nullable(),
    state: z.enum(['recorded', 'repeated', 'checked', 'refused']).meta({
      description: 'repeated: it was recorded before. checked: a test key records nothing.',
    }),
    id: z.string().nullable().meta({ example: 'use_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    problem: z
      .object({
        code: z.string(),
        status: z.number().int(),
        detail: z.string(),
        pointer: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Why it was refused; `pointer` leads into the request.' }),
  })
  .meta({ id: 'UsageResult' });
export type UsageResult = z.infer<typeof UsageResult>;

export const UsageAnswer = z
  .object({
    recorded: z.number().int(),
    repeated: z.number().int(),
    refused: z.number().int(),
    events: z.array(UsageResult).meta({ description: 'In the order of the request.' }),
  })
  .meta({ id: 'UsageAnswer' });
export type UsageAnswer = z.infer<typeof UsageAnswer>;
