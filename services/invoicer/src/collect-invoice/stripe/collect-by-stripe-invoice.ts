import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import type { StripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';
import type Stripe from 'stripe';
import type { CollectDeps } from '../collect-deps.ts';
import { amountOf, buildItem, buildItems, type ItemParams } from './build-item.ts';
import { draftCall, finalizeCall, itemCall } from './calls.ts';
import { findDeferred, planDeferral } from './deferred.ts';
import { createPush, findPushes, type Push, sendDeferred, stopWaking } from './pushes.ts';
import { type InvoiceSource, lockSource } from './read-source.ts';
import { runPush } from './run-push.ts';
import { readSmsPrice } from './sms-price.ts';
import { stopPush } from './stop-push.ts';
import { chooseTax, type StripeTax } from './tax.ts';
import { withdrawItem } from './withdraw-item.ts';

/** Stripe's limit for one invoice. */
export const ITEMS_MAX = 250;

/**
 * Collects an invoice by a Stripe invoice of its own: a draft, its items, their total compared, and only
 * then finalized. Every call is a committed row first, so that a crash anywhere goes on where it stopped.
 * The caller holds the customer's lease.
 */
export async function collectByStripeInvoice(
  deps: CollectDeps,
  lease: StripeLease,
  { source, customer }: { source: InvoiceSource; customer: string },
): Promise<void> {
  const tax = await chooseTax(deps, source);
  const draftPush = await inTransaction(deps, ({ db }) =>
    prepareDraft(db, { invoiceId: source.invoiceId, customer, tax }, deps.clock.now()),
  );
  if (draftPush) await completeDraft(deps, lease, { draftPush, source, tax });
  else await stopWaking(deps.prisma, [source.invoiceId]);
}

/** The draft's row, made where there is none yet. Null where nothing is sent now: deferred, stopped or nothing owed. */
async function prepareDraft(
  db: Db,
  { invoiceId, customer, tax }: { invoiceId: string; customer: string; tax: StripeTax },
  now: Date,
): Promise<Push | null> {
  const source = await lockSource(db, invoiceId);
  if (!source) return null;
  const pushes = await findPushes(db, invoiceId);
  const existing = pushes.find(({ kind }) => kind === 'draft_invoice');
  if (existing) return existing.state === 'sent' || existing.state === 'confirmed' ? existing : null;
  if (pushes.some(({ kind, state }) => kind === 'draft_item' && state !== 'discarded')) return null;
  const { tenantId, currency } = source;
  const plan = planDeferral(source, await findDeferred(db, { customer, currency }));
  if (plan === 'defer') {
    const params = { amount: Number(source.totalMinor), currency: currency.toLowerCase() };
    await createPush(
      db,
      { invoiceId, tenantId, kind: 'draft_item', customer, params, state: 'deferred' },
      now,
    );
    return null;
  }
  return createPush(
    db,
    {
      invoiceId,
      tenantId,
      kind: 'draft_invoice',
      customer,
      params: {
        customer,
        currency: currency.toLowerCase(),
        collection_method: 'charge_automatically',
        auto_advance: false,
        pending_invoice_items_behavior: 'exclude',
        ...(tax.automatic && { automatic_tax: { enabled: true } }),
        description: `SMS usage from ${localDate(source.startsAt, source.timeZone)}`,
      },
    },
    now,
  );
}

/** Brings a prepared draft to its end: made, filled, compared, finalized. */
async function completeDraft(
  deps: CollectDeps,
  lease: StripeLease,
  { draftPush, source, tax }: { draftPush: Push; source: InvoiceSource; tax: StripeTax },
): Promise<void> {
  const draftId = await ensureDraft(deps, lease, draftPush);
  if (draftId === null) return;
  const price = await readSmsPrice(deps, source.currency);
  const choice = { place: { customer: draftPush.customer, invoice: draftId }, price, taxRates: tax.taxRates };
  const now = deps.clock.now();
  const items = await inTransaction(deps, async ({ db }) => {
    const frozen = await findItemsOf(db, draftId);
    if (frozen.length > 0 || takesPendingItems(draftPush)) return frozen;
    await freezeItems(db, { draftPush, items: buildItems(source, choice, ITEMS_MAX - 1), now });
    await takeDeferred(db, { draftPush, choice, now });
    return findItemsOf(db, draftId);
  });
  for (const item of items) {
    if (item.state === 'confirmed') continue;
    if (item.state !== 'sent') return;
    const amount = amountOf(item.params as unknown as ItemParams, source.wholeMinor);
    const outcome = await runPush(deps, lease, item, itemCall(deps.stripe, amount));
    if (outcome.kind !== 'confirmed') return;
  }
  await finalizeDraft(deps, lease, { draftPush, draftId });
  await stopWaking(deps.prisma, [...new Set([draftPush, ...items].map(({ invoiceId }) => invoiceId))]);
}

/** Whether the draft collects items that were pending, instead of asking for an invoice's own. */
function takesPendingItems({ params }: Push): boolean {
  return params.pending_invoice_items_behavior === 'include';
}

/** The draft's id, once Stripe has made it. */
export async function ensureDraft(
  deps: CollectDeps,
  lease: StripeLease,
  draftPush: Push,
): Promise<string | null> {
  if (draftPush.state === 'confirmed') return draftPush.stripeId;
  const outcome = await runPush(deps, lease, draftPush, draftCall(deps.stripe));
  return outcome.kind === 'confirmed' ? outcome.made.id : null;
}

/** The items that belong on a draft, whosever invoice they are of. */
export async function findItemsOf(db: Db, draftId: string): Promise<Push[]> {
  const rows = await db.stripePush.findMany({
    where: {
      kind: 'draft_item',
      params: { path: ['invoice'], equals: draftId },
      state: { not: 'discarded' },
    },
    orderBy: [{ id: 'asc' }],
  });
  return rows as unknown as Push[];
}

async function freezeItems(
  db: Db,
  { draftPush, items, now }: { draftPush: Push; items: ItemParams[]; now: Date },
): Promise<void> {
  const { invoiceId, tenantId, customer } = draftPush;
  // The items of a draft that was given up keep their places.
  const firstPart = await db.stripePush.count({ where: { invoiceId, kind: 'draft_item' } });
  for (const [index, params] of items.entries()) {
    const part = firstPart + index;
    await createPush(db, { invoiceId, tenantId, kind: 'draft_item', part, customer, params }, now);
  }
}

/** Puts what was below the minimum on the draft as well, each as one item. */
async function takeDeferred(
  db: Db,
  { draftPush, choice, now }: { draftPush: Push; choice: Parameters<typeof buildItem>[1]; now: Date },
): Promise<void> {
  const { customer } = draftPush;
  const currency = String(draftPush.params.currency).toUpperCase();
  for (const push of await findDeferred(db, { customer, currency })) {
    const source = await lockSource(db, push.invoiceId);
    if (source) await sendDeferred(db, { push, params: buildItem(source, { ...choice, price: null }) }, now);
  }
}

/** Compares what is on the draft with what we put there, and hands it over to Stripe only if it is the same. */
export async function finalizeDraft(
  deps: CollectDeps,
  lease: StripeLease,
  { draftPush, draftId }: { draftPush: Push; draftId: string },
): Promise<boolean> {
  const { invoiceId, tenantId, customer } = draftPush;
  const earlier = (await findPushes(deps.prisma, invoiceId)).find(({ kind }) => kind === 'finalize');
  if (earlier?.state === 'confirmed') return true;
  if (earlier && earlier.state !== 'sent') return false;
  if (!(await withdrawVoid(deps, lease, { draftPush, draftId }))) return false;
  if (!earlier) {
    const difference = await compareDraft(deps, draftId);
    if (difference !== null) {
      const detail = `${draftId} stays a draft: ${difference}`;
      await stopPush(deps, draftPush, { state: 'needs_human', detail, seen: [draftId], from: ['confirmed'] });
      return false;
    }
  }
  const push =
    earlier ??
    (await inTransaction(deps, ({ db }) => {
      const params = { invoice: draftId, auto_advance: true };
      return createPush(
        db,
        { invoiceId, tenantId, kind: 'finalize', customer, params, withMetadata: false },
        deps.clock.now(),
      );
    }));
  const outcome = await runPush(deps, lease, push, finalizeCall(deps.stripe));
  return outcome.kind === 'confirmed';
}

/**
 * Takes items off the draft whose invoices were voided meanwhile, before anybody is asked for them. Returns
 * false where the draft's own invoice is void: it goes away as a whole.
 */
async function withdrawVoid(
  deps: CollectDeps,
  lease: StripeLease,
  { draftPush, draftId }: { draftPush: Push; draftId: string },
): Promise<boolean> {
  const items = [
    ...(await findItemsOf(deps.prisma, draftId)),
    ...(await findBound(deps.prisma, deps.stripe, draftId)),
  ];
  const ids = [draftPush, ...items].map(({ invoiceId }) => invoiceId);
  const rows = await deps.prisma.invoice.findMany({
    where: { id: { in: ids }, state: 'void' },
    select: { id: true },
  });
  const voided = new Set(rows.map(({ id }) => id));
  if (voided.has(draftPush.invoiceId)) return false;
  for (const item of items) if (voided.has(item.invoiceId)) await withdrawItem(deps, lease, item);
  return true;
}

async function compareDraft({ prisma, stripe }: CollectDeps, draftId: string): Promise<string | null> {
  const draft = await stripe.invoices.retrieve(draftId);
  if (draft.status !== 'draft') return `it is ${draft.status} already`;
  const expected = [...(await findItemsOf(prisma, draftId)), ...(await findBound(prisma, stripe, draftId))];
  const expectedMinor = await sumOf(prisma, expected);
  let lines = 0;
  for await (const _ of stripe.invoices.listLineItems(draftId, { limit: 100 })) lines += 1;
  const total = draft.total_excluding_tax ?? draft.total;
  if (BigInt(total) !== expectedMinor) return `its total is ${total}, expected ${expectedMinor}`;
  return lines === expected.length ? null : `it has ${lines} lines, expected ${expected.length}`;
}

/** Our items that were pending when the draft took them in. */
async function findBound(db: Db, stripe: Stripe, draftId: string): Promise<Push[]> {
  const ids: string[] = [];
  for await (const { id } of stripe.invoiceItems.list({ invoice: draftId, limit: 100 })) ids.push(id);
  const rows = await db.stripePush.findMany({
    where: { kind: 'invoice_item', state: 'confirmed', stripeId: { in: ids } },
  });
  return rows as unknown as Push[];
}

/** What pushes ask for together, in minor units. */
export async function sumOf(db: Db, pushes: readonly Push[]): Promise<bigint> {
  let sum = 0n;
  for (const { params, invoiceId } of pushes) {
    const { totalMinor } = await db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    sum += amountOf(params as unknown as ItemParams, totalMinor);
  }
  return sum;
}
