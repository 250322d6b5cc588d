import { withStripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import type { CollectDeps } from '../collect-deps.ts';
import { collectByStripeInvoice } from './collect-by-stripe-invoice.ts';
import { collectBySubscriptionItem } from './collect-by-subscription-item.ts';
import { findPayer, type StripePayer } from './find-payer.ts';
import { findPushes, stopWaking } from './pushes.ts';
import { readSource } from './read-source.ts';
import { resolvePushes } from './resolve-push.ts';
import { resumeCarried } from './resume-items.ts';

/** Under which a customer's objects at Stripe are written, by one process at a time. */
export function customerLease(customer: string): string {
  return `customer ${customer}`;
}

/** Collects an invoice at Stripe by one of the two ways that push something there. */
export async function collectByStripe(
  deps: CollectDeps,
  invoiceId: string,
  way: 'subscription_item' | 'stripe_invoice',
): Promise<void> {
  const { prisma } = deps;
  const payer = await choosePayer(deps, invoiceId);
  if (payer === 'nobody') return stopWaking(prisma, [invoiceId]);
  // An alert is open, and the sweep asks again.
  if (payer === null) return;
  await withStripeLease(deps, customerLease(payer.customer), async (lease) => {
    await resolvePushes(deps, invoiceId);
    const source = await readSource(prisma, invoiceId);
    if (!source) return stopWaking(prisma, [invoiceId]);
    if (await resumeCarried(deps, lease, invoiceId)) return;
    if (way === 'subscription_item') await collectBySubscriptionItem(deps, lease, { source, payer });
    else await collectByStripeInvoice(deps, lease, { source, customer: payer.customer });
  });
}

/** What was frozen for a customer stays with it, whoever pays from now on. `nobody`: there is nothing to pay. */
async function choosePayer(
  { prisma, clock }: CollectDeps,
  invoiceId: string,
): Promise<StripePayer | 'nobody' | null> {
  const source = await readSource(prisma, invoiceId);
  const pushed = (await findPushes(prisma, invoiceId)).find(({ customer }) => customer !== '');
  if (!source) return pushed ? { customer: pushed.customer, subscription: null } : 'nobody';
  const found = await findPayer(prisma, source, clock.now());
  return pushed ? { subscription: null, ...found, customer: pushed.customer } : found;
}
