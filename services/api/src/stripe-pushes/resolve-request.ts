import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const reason = storableText(500).meta({ description: 'Kept with the push.' });

export const ResolveRequest = z
  .discriminatedUnion('action', [
    z.strictObject({
      action: z.literal('adopt'),
      stripeId: storableText(100)
        .regex(/^(ii|in)_\w+$/, { error: 'must be the id of an invoice item or invoice at Stripe' })
        .meta({ example: 'ii_1AbC', description: 'What the push made.' }),
      reason: reason.optional(),
    }),
    z.strictObject({ action: z.literal('retry'), reason: reason.optional() }),
    z.strictObject({ action: z.literal('discard'), reason }),
    z.strictObject({ action: z.literal('look_up') }),
  ])
  .meta({ id: 'ResolveStripePush' });
