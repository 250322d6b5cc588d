import { markPaymentFailed } from '@tollgate/shared/billing/settle-invoice.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import Stripe from 'stripe';
import { stopPush } from '../collect-invoice/stripe/stop-push.ts';
import { alertOperators } from './alert-operators.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { idOf } from './apply-event-deps.ts';
import { collectsBalance, decidePayment } from './decide-payment.ts';
import { findMetered } from './find-metered.ts';
import { findOurPushes, type OurPush } from './find-our-pushes.ts';
import { mirrorInvoice } from './mirror-invoice.ts';
import { settle } from './settle-by-stripe.ts';
import { settleCarried } from './settle-carried.ts';
import { tellOfFailure } from './tell-of-payment.ts';

/** Brings our invoices that are on a Stripe invoice to its present state. */
export async function applyInvoice(
  deps: ApplyEventDeps,
  stripeInvoiceId: string,
  type = '',
): Promise<string> {
  const invoice = await readInvoice(deps.stripe, stripeInvoiceId);
  if (!invoice) return applyDeleted(deps, stripeInvoiceId);
  const pushes = await findOurPushes(deps, stripeInvoiceId);
  const customer = idOf(invoice.customer);
  if (customer !== null && collectsBalance(invoice)) await settleCarried(deps, customer);
  const metered = await findMetered(deps, invoice);
  if (pushes.length + metered.length === 0) return 'no usage of ours on it';
  await mirrorInvoice(deps, invoice, pushes);
  await tellOperators(deps, invoice, pushes[0]?.tenantId);
  const decision = decidePayment(invoice);
  const invoiceIds = [...new Set([...pushes.map(({ invoiceId }) => invoiceId), ...metered])];
  switch (decision) {
    case 'paid':
      for (const id of invoiceIds) await settle(deps, id, invoice);
      break;
    case 'failed':
      for (const id of invoiceIds) await fail(deps, id, invoice);
      break;
    case 'carried':
      if (customer !== null) await settleCarried(deps, customer);
      break;
    case 'gone':
      await stopAll(
        deps,
        [...pushes, ...(await findMade(deps, invoice.id))],
        `${invoice.id} was voided at Stripe`,
      );
      break;
    case 'waiting':
      if (type === 'invoice.payment_action_required' || invoice.last_finalization_error)
        for (const id of invoiceIds)
          await inTransaction(deps, (tx) => tellOfFailure(tx, id, invoice, deps.clock.now()));
      break;
  }
  return `${decision}, ${invoiceIds.length} of our invoices`;
}

function fail(deps: ApplyEventDeps, invoiceId: string, invoice: Stripe.Invoice): Promise<void> {
  return inTransaction(deps, async (tx) => {
    await markPaymentFailed(tx.db, invoiceId);
    const { state } = await tx.db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    if (state === 'payment_failed') await tellOfFailure(tx, invoiceId, invoice, deps.clock.now());
  });
}

async function tellOperators(
  deps: ApplyEventDeps,
  invoice: Stripe.Invoice,
  tenantId: string | undefined,
): Promise<void> {
  const about = { id: invoice.id, stripeInvoiceId: invoice.id, ...(tenantId !== undefined && { tenantId }) };
  const tell = (kind: string, detail: string) => alertOperators(deps, { ...about, kind, detail });
  const error = invoice.last_finalization_error;
  if (invoice.status === 'draft' && error)
    await tell('stripe_finalization_failed', error.code ?? error.type ?? 'unknown');
  if (invoice.status === 'uncollectible')
    await tell('stripe_invoice_uncollectible', 'marked as uncollectible');
  if (invoice.amount_overpaid > 0) await tell('stripe_overpaid', `overpaid by ${invoice.amount_overpaid}`);
}

/** A draft of ours that somebody deleted at Stripe: what was on it is not collected by anything. */
async function applyDeleted(deps: ApplyEventDeps, stripeInvoiceId: string): Promise<string> {
  const pushes = await findMade(deps, stripeInvoiceId);
  if (pushes.length === 0) return 'not ours, and deleted';
  await stopAll(deps, pushes, `${stripeInvoiceId} was deleted at Stripe`);
  return `deleted, ${pushes.length} of our pushes`;
}

/** Our pushes that made a Stripe invoice and put something on it. */
function findMade({ prisma }: ApplyEventDeps, stripeInvoiceId: string) {
  return prisma.stripePush.findMany({
    where: {
      OR: [{ stripeId: stripeInvoiceId }, { params: { path: ['invoice'], equals: stripeInvoiceId } }],
    },
    select: { id: true, invoiceId: true, tenantId: true },
  });
}

async function stopAll(
  deps: ApplyEventDeps,
  pushes: readonly Pick<OurPush, 'id' | 'invoiceId' | 'tenantId'>[],
  detail: string,
): Promise<void> {
  for (const push of pushes) {
    const { state } = await deps.prisma.invoice.findUniqueOrThrow({ where: { id: push.invoiceId } });
    if (state === 'void' || state === 'paid') continue;
    const stop = { state: 'needs_human', detail, from: ['sent', 'confirmed'] } as const;
    await stopPush(deps, { ...push, attempt: 1 }, { ...stop, from: [...stop.from] });
  }
}

async function readInvoice(stripe: Stripe, id: string): Promise<Stripe.Invoice | null> {
  try {
    return await stripe.invoices.retrieve(id);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing')
      return null;
    throw error;
  }
}
