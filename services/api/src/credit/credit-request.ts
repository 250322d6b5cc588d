import { publicId } from '@tollgate/shared/ids/ids.ts';
import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const reason = storableText(500).meta({ description: 'Why; the tenant sees it.' });
const reference = storableText(200).meta({
  description: 'The payment’s own; unique per tenant, so that nothing is booked twice.',
});
const positive = DecimalMicros.refine((micros) => micros > 0n, { error: 'must be more than 0' }).meta({
  example: '500.00',
});

/** What an operator books. Credit that was paid needs its payment's reference; nothing else makes credit. */
export const CreditRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('purchase'),
      amount: positive.meta({
        description:
          'Net of VAT, and the credit. Where VAT is due when credit is bought it is added on the tax document.',
      }),
      method: z.enum(['bank_transfer', 'cash', 'card', 'other']),
      reference,
      reason,
    }),
    z.strictObject({
      kind: z.literal('adjustment'),
      amount: DecimalMicros.refine((micros) => micros !== 0n, { error: 'must not be 0' }).meta({
        description: 'Negative takes credit, never below what is available.',
        example: '-20.00',
      }),
      reference: reference.optional(),
      reason,
    }),
    z.strictObject({
      kind: z.literal('bonus'),
      amount: positive,
      reference: reference.optional(),
      reason,
    }),
    z.strictObject({
      kind: z.literal('refund'),
      messageId: publicId('msg').meta({ description: 'Its whole price is given back, once.' }),
      reason,
    }),
  ])
  .meta({ id: 'CreditRequest' });
