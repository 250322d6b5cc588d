import type { Fee } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { utcDay } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';

export const FeeView = z
  .object({
    id: z.string().meta({ example: 'fee_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    kind: z.enum(['monthly', 'setup', 'daily']),
    name: z.string(),
    currency: z.string(),
    amount: z.string().meta({ example: '150.00' }),
    startsOn: z.iso.date(),
    endsOn: z.iso.date().nullable(),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
  })
  .meta({ id: 'Fee' });

export const FeesView = z.object({ fees: z.array(FeeView) }).meta({ id: 'Fees' });

/** A fee as operators see it. */
export function viewFee(row: Fee): z.infer<typeof FeeView> {
  const { id, kind, name, currency, amountMicros, startsOn, endsOn, createdAt, createdBy } = row;
  return {
    id: toPublicId('fee', id),
    kind: kind as 'monthly' | 'setup' | 'daily',
    name,
    currency,
    amount: formatMicros(amountMicros),
    startsOn: utcDay(startsOn),
    endsOn: endsOn && utcDay(endsOn),
    createdAt: createdAt.toISOString(),
    createdBy,
  };
}
