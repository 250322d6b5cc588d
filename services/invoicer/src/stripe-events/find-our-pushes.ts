import type Stripe from 'stripe';
import { z } from 'zod';
import { confirmPush } from '../collect-invoice/stripe/pushes.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';

export type OurPush = { id: string; invoiceId: string; tenantId: string; stripeId: string };

/**
 * Our pushes whose items are on a Stripe invoice, by what we stored and by what the items carry: the
 * item of a push that Stripe never confirmed to us is ours all the same, and is adopted here.
 */
export async function findOurPushes(
  { stripe, prisma }: Pick<ApplyEventDeps, 'stripe' | 'prisma'>,
  stripeInvoiceId: string,
): Promise<OurPush[]> {
  const items = new Map<string, Stripe.InvoiceItem>();
  const itemOfPush = new Map<string, string>();
  for await (const item of stripe.invoiceItems.list({ invoice: stripeInvoiceId, limit: 100 })) {
    items.set(item.id, item);
    const pushId = z.uuid().safeParse(item.metadata?.push_id).data;
    if (pushId !== undefined) itemOfPush.set(pushId, item.id);
  }
  const pushes = await prisma.stripePush.findMany({
    where: { OR: [{ stripeId: { in: [...items.keys()] } }, { id: { in: [...itemOfPush.keys()] } }] },
    select: { id: true, invoiceId: true, tenantId: true, stripeId: true, state: true },
  });
  const ours: OurPush[] = [];
  for (const { id, invoiceId, tenantId, stripeId, state } of pushes) {
    const itemId = stripeId ?? itemOfPush.get(id);
    // A copy of what another item is confirmed for is for the comparison with Stripe, not for money.
    if (itemId === undefined || !items.has(itemId)) continue;
    if (state === 'sent') await confirmPush(prisma, { id }, itemId);
    ours.push({ id, invoiceId, tenantId, stripeId: itemId });
  }
  return ours;
}
