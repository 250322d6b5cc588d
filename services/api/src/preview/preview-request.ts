import { z } from 'zod';
import { Price, SendRequest } from '../messages/send-request.ts';

/** What a message would be: the fields of a send request that its price and form depend on. */
export const PreviewRequest = SendRequest.pick({
  to: true,
  body: true,
  sender: true,
  category: true,
  transliterate: true,
}).meta({ id: 'PreviewRequest' });

export type PreviewRequest = z.infer<typeof PreviewRequest>;

const amount = z.string().meta({ example: '98.50' });

/** One way to send the text, with what it costs. */
const textFields = {
  body: z.string().meta({ description: 'The text as it would be sent.' }),
  encoding: z.enum(['gsm7', 'ucs2']),
  segments: z.number().int(),
  units: z.number().int().meta({ description: 'Septets in gsm7, UTF-16 units in ucs2.' }),
  unitsPerSegment: z.number().int(),
  remainingUnits: z.number().int().meta({ description: 'What the last segment has left.' }),
  forcedUcs2: z
    .array(z.object({ character: z.string(), count: z.number().int() }))
    .meta({ description: 'The characters that GSM-7 lacks, in order of appearance.' }),
  price: Price.meta({ description: 'Of the whole message, before tax.' }),
  availableAfter: amount.meta({
    description: 'Credit that would be left; below zero where it is too little.',
  }),
  isCovered: z.boolean().meta({ description: 'Whether the available credit is enough.' }),
};

export const TextPreview = z.object(textFields).meta({ id: 'TextPreview' });
export type TextPreview = z.infer<typeof TextPreview>;

export const PreviewView = z
  .object({
    to: z.string(),
    country: z.string(),
    sender: z.string().nullable(),
    category: SendRequest.shape.category.unwrap(),
    mode: z.enum(['live', 'test']).meta({ description: 'Messages of test keys are never charged.' }),
    unitPrice: Price.extend({ per: z.enum(['segment', 'message']) }),
    available: amount.meta({ description: 'Credit that is left now.' }),
    ...textFields,
    transliterated: TextPreview.nullable().meta({
      description: 'The text as `transliterate: true` would send it; null unless it was asked for.',
    }),
  })
  .meta({ id: 'Preview' });
