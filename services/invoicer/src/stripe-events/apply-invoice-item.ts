import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import Stripe from 'stripe';
import { z } from 'zod';
import { confirmPush, isMoved } from '../collect-invoice/stripe/pushes.ts';
import { stopPush } from '../collect-invoice/stripe/stop-push.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';

const OurMetadata = z.object({ push_id: z.uuid(), tenant_id: z.uuid() });

/**
 * Compares an invoice item with the push that made it. One that is gone was taken away by somebody, so
 * nothing collects its usage any more; one with our metadata that no push made, or that another item
 * was confirmed for, would be charged twice: a person has to look at either.
 */
export async function applyInvoiceItem(deps: ApplyEventDeps, itemId: string): Promise<string> {
  const item = await readItem(deps.stripe, itemId);
  if (!item) return applyGone(deps, itemId);
  const metadata = OurMetadata.safeParse(item.metadata).data;
  if (!metadata) return 'not ours';
  const { prisma, clock } = deps;
  const push = await prisma.stripePush.findUnique({ where: { id: metadata.push_id } });
  if (push?.state === 'sent' && push.stripeId === null) {
    await confirmPush(prisma, push, itemId);
    return 'adopted for its push';
  }
  if (push?.stripeId === itemId) return 'as pushed';
  const tenant = await prisma.tenant.findUnique({ where: { id: metadata.tenant_id }, select: { id: true } });
  if (!tenant) return 'of another installation';
  const detail = push
    ? `${itemId} carries push ${push.id}, which is ${push.state} with ${push.stripeId ?? 'none'}`
    : `${itemId} carries push ${metadata.push_id}, which does not exist`;
  await raiseOperatorAlert(
    prisma,
    { kind: 'stripe_unknown_item', subject: itemId, tenantId: tenant.id, detail },
    clock.now(),
  );
  return `unknown: ${detail}`;
}

async function applyGone(deps: ApplyEventDeps, itemId: string): Promise<string> {
  const push = await deps.prisma.stripePush.findUnique({
    where: { stripeId: itemId },
    include: { invoice: { select: { state: true } } },
  });
  if (!push) return 'not ours, and deleted';
  const isOurs = push.state === 'discarded' || push.invoice.state === 'void' || isMoving(push.seen);
  if (isOurs || push.invoice.state === 'paid') return 'deleted by us';
  const detail = `${itemId} was deleted at Stripe`;
  await stopPush(deps, push, { state: 'needs_human', detail, from: ['sent', 'confirmed'] });
  return detail;
}

/** Deleted because it goes on an invoice of its own. */
function isMoving(seen: unknown): boolean {
  return isMoved({ state: 'discarded', seen });
}

async function readItem(stripe: Stripe, id: string): Promise<Stripe.InvoiceItem | null> {
  try {
    const item = await stripe.invoiceItems.retrieve(id);
    return 'deleted' in item && item.deleted ? null : item;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing')
      return null;
    throw error;
  }
}
