import type Stripe from 'stripe';
import { z } from 'zod';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../time/clock.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../time/durations.ts';
import { comparePushes, type ExpectedItem, type FoundItem, type StripeDifference } from './compare-pushes.ts';

export type CompareDeps = { prisma: PrismaClient; clock: Clock; stripe: Stripe };

/** A push is repeated and looked up for a day; what is not there then is missing. */
const OVERDUE_MS = DAY_MS;
const CLOCK_SKEW_MS = HOUR_MS;

const Metadata = z.object({ push_id: z.uuid(), tenant_id: z.uuid() });

/**
 * Compares every amount that we pushed since then with Stripe's items, by their metadata: finds what was
 * deleted there, changed, doubled, never made, or made by nobody. Reads only. Items on a void invoice ask
 * for nothing, so they count as not there; items older than `since` are not looked at.
 */
export async function compareWithStripe(
  { prisma, clock, stripe }: CompareDeps,
  { since }: { since: Date },
): Promise<StripeDifference[]> {
  const pushes = await prisma.stripePush.findMany({
    where: {
      kind: { in: ['invoice_item', 'draft_item'] },
      firstSentAt: { gte: since },
      state: { not: 'deferred' },
    },
    include: { invoice: { select: { state: true, totalMinor: true } } },
  });
  const overdueBefore = clock.now().getTime() - OVERDUE_MS;
  const expected = pushes.map(({ invoice, params, ...push }): ExpectedItem => {
    const asked = Params.parse(params);
    return {
      pushId: push.id,
      tenantId: push.tenantId,
      state: push.state,
      stripeId: push.stripeId,
      amountMinor: BigInt(asked.amount ?? asked.price_data?.unit_amount ?? invoice.totalMinor),
      currency: asked.currency,
      isVoid: invoice.state === 'void',
      isOverdue: push.firstSentAt.getTime() < overdueBefore,
    };
  });
  const found = await listItems(
    stripe,
    pushes.map(({ customer }) => customer),
    since,
  );
  const known = await findKnown(prisma, found);
  const isWanted = ({ pushId }: FoundItem) =>
    !known.has(pushId) || expected.some((one) => one.pushId === pushId);
  return comparePushes(expected, found.filter(isWanted));
}

const Params = z.object({
  currency: z.string(),
  amount: z.number().optional(),
  price_data: z.object({ unit_amount: z.number() }).optional(),
});

async function findKnown(prisma: PrismaClient, found: readonly FoundItem[]): Promise<Set<string>> {
  const rows = await prisma.stripePush.findMany({
    where: { id: { in: found.map(({ pushId }) => pushId) } },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}

async function listItems(stripe: Stripe, customers: readonly string[], since: Date): Promise<FoundItem[]> {
  const created = { gte: Math.floor((since.getTime() - CLOCK_SKEW_MS) / SECOND_MS) };
  const found: FoundItem[] = [];
  for (const customer of new Set(customers)) {
    const voided = new Set<string>();
    for await (const { id } of stripe.invoices.list({ customer, status: 'void', created, limit: 100 }))
      voided.add(id);
    for await (const item of stripe.invoiceItems.list({ customer, created, limit: 100 })) {
      const metadata = Metadata.safeParse(item.metadata).data;
      const invoiceId = typeof item.invoice === 'string' ? item.invoice : item.invoice?.id;
      if (!metadata || (invoiceId && voided.has(invoiceId))) continue;
      const { push_id: pushId, tenant_id: tenantId } = metadata;
      const { id, amount, currency } = item;
      found.push({ id, pushId, tenantId, amountMinor: BigInt(amount), currency });
    }
  }
  return found;
}
