import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import type { StripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import type { CollectDeps } from '../collect-deps.ts';
import { amountOf, buildItem, type ItemChoice, type ItemParams } from './build-item.ts';
import { itemCall } from './calls.ts';
import { collectByStripeInvoice } from './collect-by-stripe-invoice.ts';
import { findDeferred } from './deferred.ts';
import type { StripePayer } from './find-payer.ts';
import { createPush, findPushes, isMoved, moved, type Push, sendDeferred, stopWaking } from './pushes.ts';
import { type InvoiceSource, lockSource } from './read-source.ts';
import { resumeItems } from './resume-items.ts';
import { runPush } from './run-push.ts';
import { readSmsPrice } from './sms-price.ts';
import { chooseTax } from './tax.ts';

/**
 * Puts an invoice's total on the tenant's next subscription invoice at Stripe, once. Where there is no
 * running subscription in the same currency, or Stripe says so, a Stripe invoice of its own collects it.
 * The caller holds the customer's lease.
 */
export async function collectBySubscriptionItem(
  deps: CollectDeps,
  lease: StripeLease,
  { source, payer }: { source: InvoiceSource; payer: StripePayer },
): Promise<void> {
  const { customer, subscription } = payer;
  const { invoiceId } = source;
  const earlier = await findPushes(deps.prisma, invoiceId);
  const goesOwnWay = earlier.some((push) => push.kind !== 'invoice_item' || isMoved(push));
  const isRiding = earlier.some(({ kind, state }) => kind === 'invoice_item' && state !== 'discarded');
  if (goesOwnWay || (subscription === null && !isRiding)) {
    await collectByStripeInvoice(deps, lease, { source, customer });
    return;
  }
  const price = await readSmsPrice(deps, source.currency);
  const { taxRates } = await chooseTax(deps, source);
  const choice = { place: { customer, subscription: subscription ?? '' }, price, taxRates };
  const push = await inTransaction(deps, ({ db }) =>
    prepareItem(db, { invoiceId, choice }, deps.clock.now()),
  );
  if (push?.state === 'sent' && !(await pushItem(deps, lease, { push, wholeMinor: source.wholeMinor }))) {
    await collectByStripeInvoice(deps, lease, { source, customer });
    return;
  }
  await stopWaking(deps.prisma, [invoiceId]);
  if (subscription !== null) await sendWaiting(deps, lease, { source, choice });
}

async function prepareItem(
  db: Db,
  { invoiceId, choice }: { invoiceId: string; choice: ItemChoice },
  now: Date,
): Promise<Push | null> {
  const source = await lockSource(db, invoiceId);
  if (!source) return null;
  const existing = (await findPushes(db, invoiceId)).find(({ kind }) => kind === 'invoice_item');
  if (existing) return existing;
  const { tenantId } = source;
  const params = buildItem(source, choice);
  return createPush(
    db,
    { invoiceId, tenantId, kind: 'invoice_item', customer: choice.place.customer, params },
    now,
  );
}

/** Whether the item went the way it was meant to; otherwise the subscription is gone, and its push discarded. */
async function pushItem(
  deps: CollectDeps,
  lease: StripeLease,
  { push, wholeMinor }: { push: Push; wholeMinor: bigint },
): Promise<boolean> {
  const amount = amountOf(push.params as unknown as ItemParams, wholeMinor);
  const outcome = await runPush(deps, lease, push, itemCall(deps.stripe, amount));
  if (outcome.kind !== 'other_way') return true;
  await deps.prisma.stripePush.updateMany({
    where: { id: push.id, state: 'sent' },
    data: { state: 'discarded', lastError: outcome.detail, seen: moved },
  });
  return false;
}

/** What was below the minimum for an invoice of its own rides along: a subscription's invoice is large enough. */
async function sendWaiting(
  deps: CollectDeps,
  lease: StripeLease,
  { source, choice }: { source: InvoiceSource; choice: ItemChoice },
): Promise<void> {
  const { customer } = choice.place;
  const pushes = await inTransaction(deps, async ({ db }) => {
    const taken: Push[] = [];
    for (const push of await findDeferred(db, { customer, currency: source.currency })) {
      const waiting = await lockSource(db, push.invoiceId);
      const params = waiting && buildItem(waiting, { ...choice, price: null });
      const sent = params && (await sendDeferred(db, { push, params }, deps.clock.now()));
      if (sent) taken.push(sent);
    }
    return taken;
  });
  await resumeItems(deps, lease, pushes);
}
