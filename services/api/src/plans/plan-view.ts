import type { Plan, PlanPrice } from '@tollgate/shared/generated/prisma/client.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';

export const PlanPriceView = z
  .object({
    currency: z.string(),
    interval: z.enum(['monthly', 'yearly']),
    amount: z.string().meta({ example: '790.00' }),
    validFrom: z.iso.datetime(),
    validUntil: z.iso.datetime().nullable(),
    createdBy: z.string(),
  })
  .meta({ id: 'PlanPrice' });

export const PlanWithPrices = z
  .object({
    id: z.string().meta({ example: 'pro' }),
    name: z.string(),
    includesSms: z.boolean(),
    prices: z.array(PlanPriceView).meta({ description: 'Those that hold or will; before VAT.' }),
  })
  .meta({ id: 'Plan' });

export const PlansView = z.object({ plans: z.array(PlanWithPrices) }).meta({ id: 'Plans' });

/** A plan with the prices that hold or will, as operators see it. */
export function viewPlan(
  { id, name, includesSms, prices }: Plan & { prices: PlanPrice[] },
  now: Date,
): z.infer<typeof PlanWithPrices> {
  const current = prices.filter(({ validUntil }) => validUntil === null || validUntil > now);
  return { id, name, includesSms, prices: current.map(viewPlanPrice) };
}

export function viewPlanPrice(price: PlanPrice): z.infer<typeof PlanPriceView> {
  return {
    currency: price.currency,
    interval: price.interval as 'monthly' | 'yearly',
    amount: formatMicros(price.amountMicros),
    validFrom: price.validFrom.toISOString(),
    validUntil: price.validUntil?.toISOString() ?? null,
    createdBy: price.createdBy,
  };
}
