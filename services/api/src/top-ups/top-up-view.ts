import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import type { TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import { z } from 'zod';

const amount = z.string().meta({ example: '500.00' });

export const TopUpView = z
  .object({
    id: z.string().meta({ example: 'top_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    kind: z.enum(['checkout', 'automatic']),
    state: z.enum(['created', 'pending', 'paid', 'failed', 'expired', 'being_checked']).meta({
      description:
        'created: not paid yet. pending: the payment is on its way. paid: the credit is there. being_checked: an operator looks at it.',
    }),
    amount: amount.meta({ description: 'The credit, before tax.' }),
    currency: z.string().meta({ example: 'CZK' }),
    vat: amount.nullable().meta({ description: 'Tax on top of it, once it is paid.' }),
    gross: amount.nullable().meta({ description: 'What was paid.' }),
    checkoutUrl: z.string().nullable().meta({ description: 'The page to pay on, while it is open.' }),
    reason: z.string().nullable().meta({ description: 'Why it failed, in Stripe’s words.' }),
    createdAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'TopUp', description: 'Credit that is bought.' });

export type TopUpView = z.infer<typeof TopUpView>;

/** A top-up as its tenant sees it. */
export function viewTopUp(row: TopUpRow): TopUpView {
  const { currency } = row;
  const money = (minor: bigint | null) =>
    minor === null ? null : formatMicros(minorUnitsToMicros(minor, currency));
  return {
    id: toPublicId('top', row.id),
    kind: row.kind,
    state: row.state === 'needs_human' ? 'being_checked' : row.state,
    amount: formatMicros(minorUnitsToMicros(row.netMinor, currency)),
    currency,
    vat: money(row.vatMinor),
    gross: money(row.grossMinor),
    checkoutUrl: row.state === 'created' ? row.checkoutUrl : null,
    reason: row.state === 'failed' ? row.lastError : null,
    createdAt: row.createdAt.toISOString(),
    paidAt: row.paidAt?.toISOString() ?? null,
  };
}
