import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type Stripe from 'stripe';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { idOf } from './apply-event-deps.ts';

/**
 * Our unpaid invoices whose usage a metered price collects, and that a Stripe invoice has a line for: its
 * subscription's period has to reach to the end of ours, because Stripe counts by its own periods.
 */
export async function findMetered(
  { prisma, stripe }: Pick<ApplyEventDeps, 'prisma' | 'stripe'>,
  invoice: Stripe.Invoice,
): Promise<string[]> {
  const customer = idOf(invoice.customer);
  if (customer === null || invoice.status === 'draft') return [];
  const tenantIds = [
    ...(await prisma.stripeCustomer.findMany({
      where: { customerId: customer },
      select: { tenantId: true },
    })),
    ...(await prisma.billingSettings.findMany({
      where: { stripeCustomerId: customer },
      select: { tenantId: true },
    })),
  ].map(({ tenantId }) => tenantId);
  const waiting = await prisma.invoice.findMany({
    where: {
      tenantId: { in: tenantIds },
      currency: invoice.currency.toUpperCase(),
      state: { in: ['issued', 'payment_failed'] },
      document: 'stripe',
      totalMinor: { gt: 0 },
      period: { collection: 'stripe_meter' },
    },
    select: { id: true, period: { select: { endsAt: true } } },
  });
  if (waiting.length === 0) return [];
  const countedUntil = await lastMeteredSecond(stripe, invoice.id);
  return waiting
    .filter(({ period }) => period !== null && period.endsAt.getTime() / SECOND_MS <= countedUntil)
    .map(({ id }) => id);
}

/** Up to when the invoice's metered lines count, in Unix seconds; before everything where it has none. */
async function lastMeteredSecond(stripe: Stripe, stripeInvoiceId: string): Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  for await (const line of stripe.invoices.listLineItems(stripeInvoiceId, { limit: 100 })) {
    const priceId = idOf(line.pricing?.price_details?.price);
    if (priceId === null || !line.parent?.subscription_item_details) continue;
    const { recurring } = await stripe.prices.retrieve(priceId);
    if (recurring?.usage_type === 'metered') last = Math.max(last, line.period.end);
  }
  return last;
}
