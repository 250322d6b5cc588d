import { type StripeLease, withStripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import type Stripe from 'stripe';
import type { CollectDeps } from '../collect-deps.ts';
import { customerLease } from './collect-by-stripe.ts';
import { deferCarried } from './defer-carried.ts';
import { lookUpInvoices } from './look-up.ts';
import { findPushes, type Push } from './pushes.ts';
import { endPush, idsOf, reasonOf, withdrawItem } from './withdraw-item.ts';

/**
 * Takes back at Stripe what was pushed for an invoice that is void: drafts are deleted, open invoices of
 * our own voided, items deleted that are pending or on another draft. What was given up is looked for as
 * well, because its usage is billed again. What is on a paid or foreign invoice cannot be taken back:
 * operators are told. What is gone already is no error, so again is harmless.
 */
export async function takeBack(deps: CollectDeps, invoiceId: string): Promise<void> {
  const pushes = await findPushes(deps.prisma, invoiceId);
  const customers = new Set(pushes.map(({ customer }) => customer).filter((customer) => customer !== ''));
  for (const customer of customers) {
    const own = pushes.filter((push) => push.customer === customer);
    await withStripeLease(deps, customerLease(customer), (lease) => takeBackOf(deps, lease, own));
  }
  await deps.prisma.invoice.updateMany({
    where: { id: invoiceId, state: 'void' },
    data: { wakeAt: null, wakeCount: 0 },
  });
}

/** Drafts first: their items go with them. */
async function takeBackOf(deps: CollectDeps, lease: StripeLease, pushes: readonly Push[]): Promise<void> {
  const closed = new Set<string>();
  for (const push of pushes.filter(({ kind }) => kind === 'draft_invoice'))
    for (const id of await closeInvoices(deps, lease, push)) closed.add(id);
  for (const push of pushes.filter(({ kind }) => kind === 'invoice_item' || kind === 'draft_item')) {
    if (closed.has(String(push.params.invoice))) await endPush(deps, push, []);
    else await withdrawItem(deps, lease, push);
  }
  for (const push of pushes.filter(({ kind }) => kind === 'finalize')) await endPush(deps, push, []);
}

/** The Stripe invoices of a push that ask for nothing any more; what others had put on them waits for their next one. */
async function closeInvoices(deps: CollectDeps, lease: StripeLease, push: Push): Promise<string[]> {
  const closed: string[] = [];
  const left: string[] = [];
  for (const id of idsOf(push.stripeId, await lookUpInvoices(deps.stripe, push))) {
    await lease.extend();
    const reason = await closeInvoice(deps.stripe, id).catch((error: unknown) => reasonOf(error, id));
    if (reason === null) closed.push(id);
    else left.push(reason);
  }
  const { invoiceId } = push;
  for (const draftId of closed) await deferCarried(deps.prisma, { draftId, invoiceId }, deps.clock.now());
  await endPush(deps, push, left);
  return closed;
}

async function closeInvoice(stripe: Stripe, id: string): Promise<string | null> {
  const { status } = await stripe.invoices.retrieve(id);
  if (status === 'draft') await stripe.invoices.del(id);
  else if (status === 'open' || status === 'uncollectible') await stripe.invoices.voidInvoice(id);
  else if (status === 'paid') return `${id} is paid`;
  return null;
}
