import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const day = z.iso
  .date({ error: 'must be a day such as 2026-04-01' })
  .refine((text) => /^2\d{3}-/.test(text), {
    error: 'must be a day of this millennium',
  });

export const FeeRequest = z
  .strictObject({
    kind: z.enum(['monthly', 'setup', 'daily']).meta({
      description:
        'monthly: pro-rated by local day. setup: once, on its first day. daily: an add-on, each local day.',
    }),
    name: storableText(100).meta({ example: 'Dedicated number' }),
    amount: DecimalMicros.refine((micros) => micros > 0n, { error: 'must be more than nothing' }).meta({
      description: 'Before tax, in the tenant’s currency.',
      example: '150.00',
    }),
    startsOn: day.meta({ description: 'First local day.' }),
    endsOn: day.nullable().default(null).meta({
      description: 'First local day on which it is no longer charged.',
    }),
  })
  .refine(({ startsOn, endsOn }) => endsOn === null || endsOn > startsOn, {
    path: ['endsOn'],
    error: 'must be after startsOn',
  })
  .meta({ id: 'FeeRequest' });

export type FeeRequest = z.infer<typeof FeeRequest>;

export const FeeEndRequest = z.strictObject({ endsOn: day }).meta({ id: 'FeeEndRequest' });
