import { messageCategories } from '@tollgate/shared/messages/categories.ts';
import { z } from 'zod';
import { isStorable, storableText } from '../problems/storable-text.ts';

const shortText = storableText(100);

/** What a caller asks for. Unknown fields are refused, so that a typo is not silently ignored. */
export const SendRequest = z
  .strictObject({
    to: z.string({ error: 'is the recipient’s phone number, such as +420777123456' }).min(1).max(32).meta({
      description: 'Recipient, E.164 or national in the tenant’s country.',
      example: '+420777123456',
    }),
    body: z
      .string({ error: 'is the text to send' })
      .refine((text) => text.trim() !== '', { error: 'must not be empty' })
      .refine(isStorable, {
        error: 'must not contain U+0000 or half of a surrogate pair',
      })
      .meta({ description: 'Text, at most 1,000 characters.', example: 'Your table is ready.' }),
    sender: z
      .string()
      .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9 -]{0,9}[A-Za-z0-9])?|\+?\d{3,15})$/, {
        error: 'must be at most 11 letters and digits, or a number of 3 to 15 digits',
      })
      .optional()
      .meta({ description: 'Sender name or number; default from the settings.' }),
    category: z.enum(messageCategories).default('transactional').meta({
      description:
        'promotional: only in sending hours. priority: one-time codes, own lane. Opt-outs hold for all.',
    }),
    transliterate: z.boolean().optional().meta({
      description: 'Replaces what GSM-7 lacks by its nearest spelling ("ř" by "r"), as the preview shows it.',
    }),
    sendAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'Not before this instant.' }),
    validUntil: z.iso.datetime({ offset: true }).optional().meta({
      description: 'Never sent after this instant; default 10 min (priority), 24 h, 72 h (promotional).',
    }),
    reference: shortText.optional().meta({ description: 'Your own id of the message.' }),
    campaign: shortText.optional(),
    metadata: z
      .record(storableText(40), storableText(500, { lengthMin: 0 }))
      .refine((metadata) => Object.keys(metadata).length <= 20, { error: 'may have at most 20 entries' })
      .optional(),
  })
  .meta({ id: 'SendRequest' });

export type SendRequest = z.infer<typeof SendRequest>;

export const Price = z.strictObject({ amount: z.string().meta({ example: '1.50' }), currency: z.string() });

/** The answer to an accepted message; stored, and given again for the same idempotency key. */
export const AcceptedMessage = z
  .object({
    id: z.string().meta({ example: 'msg_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    state: z.literal('accepted'),
    mode: z.enum(['live', 'test']),
    to: z.string(),
    country: z.string(),
    sender: z.string().nullable(),
    category: z.enum(messageCategories),
    encoding: z.enum(['gsm7', 'ucs2']),
    segments: z.number().int(),
    price: Price,
    reference: z.string().nullable(),
    campaign: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
    acceptedAt: z.iso.datetime(),
    sendAt: z.iso.datetime().nullable(),
    validUntil: z.iso.datetime(),
  })
  .meta({ id: 'AcceptedMessage' });

export type AcceptedMessage = z.infer<typeof AcceptedMessage>;
