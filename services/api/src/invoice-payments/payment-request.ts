import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { minorUnitsToMicros, parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import { roundToMinorUnits } from '@tollgate/shared/money/round-to-minor-units.ts';
import { z } from 'zod';
import { invalidRequest } from '../problems/problem.ts';
import { storableText } from '../problems/storable-text.ts';

export const PaymentRequest = z
  .strictObject({
    amount: z
      .string()
      .refine((text) => DecimalMicros.safeParse(text).success && parseDecimalToMicros(text) !== 0n, {
        error: 'expected a decimal amount other than 0, such as "1210.00"',
      })
      .optional()
      .meta({
        description: 'What came in; negative for money that was taken back; all that is left when left out.',
        example: '1210.00',
      }),
    method: z.enum(['bank_transfer', 'cash', 'sippy', 'other']).default('bank_transfer'),
    reference: storableText(200).meta({
      description: 'The payment’s own, unique per tenant: nothing is recorded twice.',
      example: 'CZ-2026-03-12-000017',
    }),
    receivedOn: z.iso
      .date()
      .optional()
      .meta({ description: 'The day that the money came in; today when left out.' }),
  })
  .meta({ id: 'InvoicePaymentRequest' });

/** The amount in minor units. Throws a Problem for a fraction that the currency does not have. */
export function readAmount(amount: string | undefined, currency: string): bigint | 'rest' {
  if (amount === undefined) return 'rest';
  const micros = parseDecimalToMicros(amount);
  const minor = roundToMinorUnits(micros, currency);
  if (minorUnitsToMicros(minor, currency) === micros) return minor;
  throw invalidRequest([{ pointer: '#/amount', detail: `has more decimals than ${currency}` }]);
}
