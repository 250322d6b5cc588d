import { publicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { wholeNumber } from '../pagination/whole-number.ts';
import { storableText } from '../problems/storable-text.ts';

/** Query parameters that every list of prices takes. */
export const priceFilterParameters = {
  currency: storableText(3).optional(),
  plan: storableText(50).optional(),
  tenantId: publicId('tnt').optional(),
  at: z.iso
    .datetime()
    .regex(/^[12]/, { error: 'must be an instant such as 2026-03-10T08:00:00Z' })
    .transform((text) => new Date(text))
    .optional()
    .meta({ description: 'Only prices that hold at this instant.' }),
  limit: wholeNumber({ min: 1, max: 100 }).default(50),
};

export type PriceFilter = Partial<Record<'currency' | 'plan' | 'tenantId', string | undefined>> & {
  at?: Date | undefined;
};

/** The condition for the prices that fit: those of a currency, plan or tenant, those that hold at an instant. */
export function fitsPriceFilter({ currency, plan, tenantId, at }: PriceFilter) {
  return {
    ...(currency && { currency }),
    ...(plan && { planId: plan }),
    ...(tenantId && { tenantId }),
    ...(at && { validFrom: { lte: at }, OR: [{ validUntil: null }, { validUntil: { gt: at } }] }),
  };
}
