import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { type StripeLease, withStripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import { DAY_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import Stripe from 'stripe';
import { type CollectDeps, settingsOf } from '../collect-deps.ts';
import { customerLease } from './collect-by-stripe.ts';
import { ensureDraft, finalizeDraft, findItemsOf, sumOf } from './collect-by-stripe-invoice.ts';
import { isEnded } from './find-payer.ts';
import { createPush, findPushes, moved, type Push, stopWaking } from './pushes.ts';
import { resumeItems } from './resume-items.ts';

/** A monthly subscription has renewed by then; Stripe would wait for ever. */
const WAIT_MS_MAX = 35 * DAY_MS;
const PUSHES_PER_SWEEP = 1_000;

type Waiting = Push & { currency: string };

/**
 * Finds items that no subscription invoice will take in any more: pending for 35 days, or their
 * subscription has ended, is paused or in another currency. A Stripe invoice of its own per customer and
 * currency collects them. Returns how many customers it looked at.
 */
export async function sweepPendingItems(deps: CollectDeps): Promise<number> {
  const waiting = await findWaiting(deps);
  const groups = Map.groupBy(waiting, ({ customer, currency }) => `${customer} ${currency}`);
  for (const group of groups.values()) {
    const customer = group[0]?.customer ?? '';
    await withStripeLease(deps, customerLease(customer), (lease) => collectWaiting(deps, lease, group));
  }
  return groups.size;
}

async function findWaiting({ prisma, clock }: CollectDeps): Promise<Waiting[]> {
  const rows = await prisma.stripePush.findMany({
    where: {
      kind: 'invoice_item',
      state: 'confirmed',
      invoice: { state: { in: ['issued', 'payment_failed'] }, stripeInvoiceId: null },
    },
    include: { invoice: { select: { currency: true } } },
    orderBy: { id: 'asc' },
    take: PUSHES_PER_SWEEP,
  });
  const waitedSince = clock.now().getTime() - WAIT_MS_MAX;
  const found: Waiting[] = [];
  for (const { invoice, ...row } of rows) {
    const push = { ...(row as unknown as Push), currency: invoice.currency };
    const subscription = String(push.params.subscription ?? '');
    if (push.firstSentAt.getTime() <= waitedSince || (await isEnded(prisma, subscription, push.currency)))
      found.push(push);
  }
  return found;
}

/** The draft takes in what is pending; what it does not take is moved to it, deleted first, so nothing is there twice. */
async function collectWaiting(
  deps: CollectDeps,
  lease: StripeLease,
  group: readonly Waiting[],
): Promise<void> {
  const pending = await stillPending(deps.stripe, group);
  const [first] = pending;
  if (!first) return;
  const draftPush = await inTransaction(deps, ({ db }) => prepareDraft(deps, db, first));
  if (draftPush.state !== 'sent' && draftPush.state !== 'confirmed') return;
  const draftId = await ensureDraft(deps, lease, draftPush);
  if (draftId === null) return;
  const bound: Waiting[] = [];
  for (const push of pending) {
    const item = await readItem(deps.stripe, push);
    const on = typeof item?.invoice === 'string' ? item.invoice : (item?.invoice?.id ?? null);
    if (on === draftId) bound.push(push);
    else if (on === null) await move(deps, lease, { push, item, draftId });
  }
  const items = await findItemsOf(deps.prisma, draftId);
  const all = [...bound, ...items];
  const unsent = items.filter(({ state }) => state === 'sent');
  if (all.length === 0 || !(await resumeItems(deps, lease, unsent))) return;
  await finalizeDraft(deps, lease, { draftPush, draftId });
  await stopWaking(
    deps.prisma,
    all.map(({ invoiceId }) => invoiceId),
  );
}

async function stillPending(stripe: Stripe, group: readonly Waiting[]): Promise<Waiting[]> {
  const pending: Waiting[] = [];
  for (const push of group) {
    const item = await readItem(stripe, push);
    // One that is gone while we were moving it is still to be moved.
    if (item ? item.invoice === null : isMoving(push)) pending.push(push);
  }
  return pending;
}

async function prepareDraft(
  deps: CollectDeps,
  db: Db,
  { invoiceId, tenantId, customer, currency }: Waiting,
): Promise<Push> {
  const existing = (await findPushes(db, invoiceId)).find(({ kind }) => kind === 'draft_invoice');
  if (existing) return existing;
  const params = {
    customer,
    currency: currency.toLowerCase(),
    collection_method: 'charge_automatically',
    auto_advance: false,
    pending_invoice_items_behavior: 'include',
    ...(settingsOf(deps).taxMode === 'stripe_tax' && { automatic_tax: { enabled: true } }),
    description: 'SMS usage',
  };
  const now = deps.clock.now();
  await wakeSoon(db, invoiceId, now);
  return createPush(db, { invoiceId, tenantId, kind: 'draft_invoice', customer, params }, now);
}

/** Notes the intention, deletes the pending item, and only then asks for the same on the draft. */
async function move(
  deps: CollectDeps,
  lease: StripeLease,
  { push, item, draftId }: { push: Waiting; item: Stripe.InvoiceItem | null; draftId: string },
): Promise<void> {
  await deps.prisma.stripePush.update({ where: { id: push.id }, data: { seen: moved } });
  await lease.extend();
  if (item) await deps.stripe.invoiceItems.del(item.id);
  const { metadata: _, subscription: __, ...params } = push.params;
  await inTransaction(deps, async ({ db }) => {
    const data = { state: 'discarded', lastError: `moved to ${draftId}`, seen: moved };
    const { count } = await db.stripePush.updateMany({ where: { id: push.id, state: 'confirmed' }, data });
    if (count === 0) return;
    const { invoiceId, tenantId, customer } = push;
    await wakeSoon(db, invoiceId, deps.clock.now());
    const asked = { ...params, ...(await amountIn(db, push)), invoice: draftId };
    await createPush(
      db,
      { invoiceId, tenantId, kind: 'draft_item', customer, params: asked },
      deps.clock.now(),
    );
  });
}

/** Whoever dies on the way leaves the rest to the sweep of invoices. */
async function wakeSoon(db: Db, invoiceId: string, now: Date): Promise<void> {
  const wakeAt = new Date(now.getTime() + MINUTE_MS);
  await db.invoice.update({ where: { id: invoiceId }, data: { wakeAt, wakeCount: 0 } });
}

/** The moved item says its amount itself, whatever priced the one before. */
async function amountIn(db: Db, push: Push): Promise<Record<string, unknown>> {
  const amount = Number(await sumOf(db, [push]));
  return { amount, pricing: undefined, price_data: undefined, quantity: undefined };
}

function isMoving({ seen }: Push): boolean {
  return typeof seen === 'object' && seen !== null && 'moved' in seen;
}

async function readItem(stripe: Stripe, { stripeId }: Push): Promise<Stripe.InvoiceItem | null> {
  try {
    const item = await stripe.invoiceItems.retrieve(stripeId ?? '');
    return 'deleted' in item && item.deleted ? null : item;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing')
      return null;
    throw error;
  }
}
