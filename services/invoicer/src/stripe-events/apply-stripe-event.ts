import { markPaymentFailed, settleInvoice } from '@tollgate/shared/billing/settle-invoice.ts';
import { type Inbox, markApplied } from '@tollgate/shared/inbox/inbox.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type Stripe from 'stripe';
import { z } from 'zod';
import { confirmPush } from '../collect-invoice/stripe/pushes.ts';
import { decidePayment, type PaymentDecision } from './decide-payment.ts';

export type ApplyEventDeps = TransactionDeps & { clock: Clock; inbox: Inbox; stripe: Stripe; logger: Logger };

/** Only which object an event is about is taken from it; what happened is read from Stripe. */
const StripeEvent = z.object({
  id: z.string(),
  type: z.string(),
  data: z.object({ object: z.object({ id: z.string().optional(), object: z.string() }) }),
});

const invoiceEvents = new Set([
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.finalized',
  'invoice.marked_uncollectible',
]);

/**
 * Applies a stored Stripe event by reading the object again and bringing our rows to its state, so
 * that order and copies do not matter. Events of other kinds are kept and marked as ignored.
 */
export async function applyStripeEvent(deps: ApplyEventDeps, inboxId: string): Promise<void> {
  const { prisma, clock, inbox } = deps;
  const stored = await inbox.read(prisma, inboxId);
  if (!stored) return;
  const event = StripeEvent.safeParse(JSON.parse(stored.body)).data;
  const invoiceId = event && invoiceEvents.has(event.type) ? event.data.object.id : undefined;
  const result = invoiceId === undefined ? 'ignored' : await applyInvoice(deps, invoiceId);
  await markApplied(
    prisma,
    [{ id: inboxId, result: `${event?.type ?? 'unreadable'}: ${result}` }],
    clock.now(),
  );
}

async function applyInvoice(deps: ApplyEventDeps, stripeInvoiceId: string): Promise<string> {
  const { stripe, logger } = deps;
  const invoice = await stripe.invoices.retrieve(stripeInvoiceId);
  const pushes = await findOurPushes(deps, stripeInvoiceId);
  if (pushes.length === 0) return 'no usage of ours on it';
  const decision = decidePayment(invoice);
  for (const { invoiceId } of pushes) {
    const changed = await inTransaction(deps, ({ db }) =>
      applyDecision(db, deps, invoiceId, invoice, decision),
    );
    if (changed) logger.info({ invoiceId, stripeInvoiceId, decision }, 'invoice moved');
  }
  return `${decision}, ${pushes.length} of our invoices`;
}

/**
 * Our pushes whose items are on the invoice, by what we stored and by what the items carry: the item
 * of a push that Stripe never confirmed to us is ours all the same, and is adopted here.
 */
async function findOurPushes({ stripe, prisma }: ApplyEventDeps, stripeInvoiceId: string) {
  const itemOfPush = new Map<string, string>();
  const itemIds: string[] = [];
  for await (const { id, metadata } of stripe.invoiceItems.list({ invoice: stripeInvoiceId, limit: 100 })) {
    itemIds.push(id);
    const pushId = z.uuid().safeParse(metadata?.push_id).data;
    if (pushId !== undefined) itemOfPush.set(pushId, id);
  }
  const pushes = await prisma.stripePush.findMany({
    where: { OR: [{ stripeId: { in: itemIds } }, { id: { in: [...itemOfPush.keys()] } }] },
    select: { id: true, invoiceId: true },
  });
  for (const push of pushes) {
    const stripeId = itemOfPush.get(push.id);
    if (stripeId === undefined) continue;
    await confirmPush(prisma, push, stripeId);
  }
  return pushes;
}

async function applyDecision(
  db: Parameters<typeof settleInvoice>[0],
  { clock }: ApplyEventDeps,
  invoiceId: string,
  invoice: Stripe.Invoice,
  decision: PaymentDecision,
): Promise<boolean> {
  switch (decision) {
    case 'paid': {
      const paidAt = invoice.status_transitions.paid_at;
      return settleInvoice(db, {
        invoiceId,
        stripeInvoiceId: invoice.id,
        stripeInvoiceNumber: invoice.number,
        stripeInvoiceUrl: invoice.hosted_invoice_url ?? null,
        paidAt: paidAt === null ? clock.now() : new Date(paidAt * 1_000),
      });
    }
    case 'failed':
      return markPaymentFailed(db, invoiceId);
    case 'carried':
    case 'waiting':
      return false;
  }
}
