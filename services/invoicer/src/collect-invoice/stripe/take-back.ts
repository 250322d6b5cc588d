import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { withStripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import Stripe from 'stripe';
import type { CollectDeps } from '../collect-deps.ts';
import { customerLease } from './collect-by-stripe.ts';
import { lookUpInvoices, lookUpItems } from './look-up.ts';
import { findPushes, type Push, stopWaking } from './pushes.ts';

/**
 * Takes back at Stripe what was pushed for an invoice that is void: a pending item and one on a draft
 * are deleted, a draft and an open invoice of our own are closed. What is on a paid or foreign invoice
 * cannot be taken back: operators are told. Deleting what is gone is no error, so again is harmless.
 */
export async function takeBack(deps: CollectDeps, invoiceId: string): Promise<void> {
  const pushes = (await findPushes(deps.prisma, invoiceId)).filter(({ state }) => state !== 'discarded');
  const customer = pushes[0]?.customer;
  if (customer === undefined) return stopWaking(deps.prisma, [invoiceId]);
  await withStripeLease(deps, customerLease(customer), async (lease) => {
    const hasDraft = pushes.some(({ kind, stripeId }) => kind === 'draft_invoice' && stripeId !== null);
    for (const push of pushes) {
      await lease.extend();
      // The items of a draft of our own go with it.
      const left = hasDraft && push.kind !== 'draft_invoice' ? null : await takeBackAll(deps.stripe, push);
      if (left !== null) {
        const { tenantId } = push;
        const detail = `invoice ${invoiceId} is void, but ${left}`;
        await raiseOperatorAlert(
          deps.prisma,
          { kind: 'stripe_not_taken_back', subject: push.id, tenantId, detail },
          deps.clock.now(),
        );
      }
      await deps.prisma.stripePush.updateMany({
        where: { id: push.id },
        data: { state: 'discarded', lastError: left ?? 'taken back: the invoice is void' },
      });
    }
  });
  await stopWaking(deps.prisma, [invoiceId]);
}

/** Null where nothing of the push is left at Stripe, else what is. What was never confirmed is looked up. */
async function takeBackAll(stripe: Stripe, push: Push): Promise<string | null> {
  const isDraft = push.kind === 'draft_invoice';
  if (!isDraft && push.kind !== 'invoice_item' && push.kind !== 'draft_item') return null;
  const found = isDraft ? await lookUpInvoices(stripe, push) : await lookUpItems(stripe, push);
  const ids = new Set([...(push.stripeId === null ? [] : [push.stripeId]), ...found.map(({ id }) => id)]);
  const left: string[] = [];
  for (const id of ids) {
    const reason = await takeBackOne(stripe, id, isDraft);
    if (reason !== null) left.push(reason);
  }
  return left.length === 0 ? null : left.join('; ');
}

async function takeBackOne(stripe: Stripe, id: string, isDraft: boolean): Promise<string | null> {
  try {
    if (isDraft) return await closeInvoice(stripe, id);
    await stripe.invoiceItems.del(id);
    return null;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    return error.code === 'resource_missing' ? null : `${id} stays at Stripe: ${error.message}`;
  }
}

async function closeInvoice(stripe: Stripe, id: string): Promise<string | null> {
  const { status } = await stripe.invoices.retrieve(id);
  if (status === 'draft') await stripe.invoices.del(id);
  else if (status === 'open' || status === 'uncollectible') await stripe.invoices.voidInvoice(id);
  else if (status === 'paid') return `${id} is paid`;
  return null;
}
