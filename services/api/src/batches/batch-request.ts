import { RAW_BODY_LIMIT } from '@tollgate/shared/text/body-limit.ts';
import { z } from 'zod';
import { IdempotencyKey } from '../idempotency/idempotency-key.ts';
import { SendRequest } from '../messages/send-request.ts';
import { storableText } from '../problems/storable-text.ts';

export const RECIPIENTS_MAX = 10_000;

const { shape } = SendRequest;

/** One recipient of a batch, with what is its own. */
export const BatchRecipient = z
  .strictObject({
    to: shape.to,
    body: shape.body.optional().meta({ description: 'Instead of the body for all.' }),
    values: z
      .record(storableText(40), storableText(1_000, { lengthMin: 0 }))
      .optional()
      .meta({
        description: 'What stands for each {{placeholder}} of the body, by its exact name.',
      }),
    reference: shape.reference,
    metadata: shape.metadata.meta({ description: 'Added to the metadata for all; wins over it.' }),
    idempotencyKey: IdempotencyKey.optional().meta({
      description: 'Used before for the same message: the item is answered with that one.',
    }),
  })
  .meta({ id: 'BatchRecipient' });

export type BatchRecipient = z.infer<typeof BatchRecipient>;

const count = { error: `must be 1 to ${RECIPIENTS_MAX.toLocaleString('en')} recipients` };

const common = SendRequest.pick({
  sender: true,
  category: true,
  transliterate: true,
  sendAt: true,
  validUntil: true,
  campaign: true,
  metadata: true,
}).extend({
  body: shape.body.max(RAW_BODY_LIMIT).optional().meta({
    description: 'Text for all, with {{placeholders}} where recipients differ.',
    example: 'Hello {{name}}, your table is ready.',
  }),
  partial: z.boolean().default(false).meta({
    description: 'Accept as many, from the first on, as the credit covers, instead of refusing the whole.',
  }),
});

/** What a caller may ask for. */
export const BatchRequest = common
  .extend({ recipients: z.array(BatchRecipient, count).min(1, count).max(RECIPIENTS_MAX, count) })
  .meta({ id: 'BatchRequest' });

/** What is read of it as a whole: each recipient is read for itself, because a bad one fails alone. */
export const BatchEnvelope = common.extend({
  recipients: z.array(z.unknown(), count).min(1, count).max(RECIPIENTS_MAX, count),
});

export type BatchEnvelope = z.infer<typeof BatchEnvelope>;
