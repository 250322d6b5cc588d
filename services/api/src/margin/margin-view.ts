import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import type { Margin } from './add-up-margin.ts';
import { type MarginGroup, marginGroups } from './sum-margin.ts';

const amount = z.string().meta({ example: '0.60' });
const count = z.number().int();

export const MarginQuery = z.strictObject({
  month: z
    .string()
    .regex(/^2\d{3}-(?:0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-03' })
    .optional()
    .meta({ description: 'In UTC, by acceptance. The current one, or by month the last twelve.' }),
  group: z.enum(marginGroups).default('tenant'),
});

export const MarginView = z
  .object({
    group: z.enum(marginGroups),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    rows: z.array(
      z.object({
        key: z.string().meta({ description: 'A tenant’s id, a country, or a month.' }),
        currency: z.string(),
        messages: count.meta({ description: 'Live messages that were handed over.' }),
        revenue: amount.meta({ description: 'What was charged less what was given back.' }),
        margin: amount.nullable().meta({
          description:
            'Of messages whose cost is known; null where a cost is in another currency, or none is known.',
        }),
        costs: z.array(z.object({ currency: z.string(), messages: count, revenue: amount, cost: amount })),
        withoutCost: z
          .object({ messages: count, revenue: amount })
          .meta({ description: 'Whose cost the provider has not told.' }),
      }),
    ),
  })
  .meta({ id: 'Margin' });

/** Margins as operators see them. */
export function viewMargins(
  group: MarginGroup,
  margins: readonly Margin[],
): z.infer<typeof MarginView>['rows'] {
  return margins.map(({ key, currency, messages, revenueMicros, marginMicros, costs, withoutCost }) => ({
    key: group === 'tenant' ? toPublicId('tnt', key) : key,
    currency,
    messages,
    revenue: formatMicros(revenueMicros),
    margin: marginMicros === null ? null : formatMicros(marginMicros),
    costs: costs.map((cost) => ({
      currency: cost.currency,
      messages: cost.messages,
      revenue: formatMicros(cost.revenueMicros),
      cost: formatMicros(cost.costMicros),
    })),
    withoutCost: {
      messages: withoutCost.messages,
      revenue: formatMicros(withoutCost.revenueMicros),
    },
  }));
}
