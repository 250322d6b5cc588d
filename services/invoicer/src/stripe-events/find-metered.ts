import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type Stripe from 'stripe';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { idOf } from './apply-event-deps.ts';

/**
 * Our unpaid invoices whose usage a metered price collects, and that a Stripe invoice has the last line for:
 * Stripe counts by its own periods, so it is the one whose period holds the end of ours. A later one, or
 * the empty first one of a subscription, collects nothing of it.
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
  const counted = await meteredPeriods(stripe, invoice.id);
  const holds = (endsAt: Date) =>
    counted.some(
      ({ start, end }) => start * SECOND_MS < endsAt.getTime() && endsAt.getTime() <= end * SECOND_MS,
    );
  return waiting.filter(({ period }) => period !== null && holds(period.endsAt)).map(({ id }) => id);
}

/** When the invoice's metered lines counted, in Unix seconds. */
async function meteredPeriods(
  stripe: Stripe,
  stripeInvoiceId: string,
): Promise<{ start: number; end: number }[]> {
  const periods: { start: number; end: number }[] = [];
  for await (const line of stripe.invoices.listLineItems(stripeInvoiceId, { limit: 100 })) {
    const priceId = idOf(line.pricing?.price_details?.price);
    if (priceId === null || !line.parent?.subscription_item_details) continue;
    const { recurring } = await stripe.prices.retrieve(priceId);
    if (recurring?.usage_type === 'metered') periods.push(line.period);
  }
  return periods;
}
