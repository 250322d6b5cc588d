import { closeOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { type PushResolution, readResolution } from '@tollgate/shared/stripe/push-resolution.ts';
import Stripe from 'stripe';
import type { CollectDeps } from '../collect-deps.ts';
import { deferCarried } from './defer-carried.ts';
import { lookUpInvoices, lookUpItems } from './look-up.ts';
import { deferredAgain, findPushes, keyOf, moved, type Push } from './pushes.ts';
import { STOPPED_PUSH_ALERT } from './stop-push.ts';

/**
 * Carries out what operators decided about pushes of an invoice that had stopped, each once. The caller
 * holds the customer's lease.
 */
export async function resolvePushes(deps: CollectDeps, invoiceId: string): Promise<void> {
  const rows = await deps.prisma.stripePush.findMany({
    where: { invoiceId },
    select: { id: true, resolution: true },
  });
  const pushes = await findPushes(deps.prisma, invoiceId);
  for (const { id, resolution } of rows) {
    const wish = readResolution(resolution);
    const push = pushes.find((one) => one.id === id);
    if (!push || !wish || wish.doneAt !== null) continue;
    const outcome = await resolve(deps, push, wish);
    const done: PushResolution = { ...wish, doneAt: deps.clock.now().toISOString(), outcome };
    await deps.prisma.stripePush.update({ where: { id }, data: { resolution: done } });
    deps.logger.info({ pushId: id, action: wish.action, by: wish.by, outcome }, 'push resolved');
  }
}

const decidable: Push['state'][] = ['needs_human', 'rejected', 'deferred'];

async function resolve(deps: CollectDeps, push: Push, wish: PushResolution): Promise<string> {
  const seen = await lookUp(deps.stripe, push);
  await deps.prisma.stripePush.update({
    where: { id: push.id },
    data: { seen: seen as unknown as Prisma.InputJsonValue },
  });
  if (wish.action === 'look_up') return `${seen.length} found`;
  if (!decidable.includes(push.state)) return `it is ${push.state}`;
  switch (wish.action) {
    case 'adopt':
      return adopt(deps, push, wish.stripeId ?? '');
    case 'retry': {
      // A void invoice asks for nothing: there is nothing to adopt.
      const [found, ...copies] = seen.filter(({ state: status }) => status !== 'void');
      if (copies.length > 0) return `${copies.length + 1} found: adopt one of them`;
      return found ? adopt(deps, push, found.id) : retry(deps, push);
    }
    case 'discard':
      await change(deps, push, { state: 'discarded', lastError: wish.reason ?? null });
      return 'discarded';
  }
}

/** Takes an object at Stripe as what the push made; it has to be there and the same customer's. */
async function adopt(deps: CollectDeps, push: Push, stripeId: string): Promise<string> {
  const object = await find(deps.stripe, stripeId);
  if (!object) return `there is no ${stripeId} at Stripe`;
  const customer = typeof object.customer === 'string' ? object.customer : object.customer?.id;
  if (customer !== push.customer) return `${stripeId} is another customer's`;
  const taken = await deps.prisma.stripePush.count({ where: { stripeId, NOT: { id: push.id } } });
  if (taken > 0) return `${stripeId} belongs to another push`;
  await change(deps, push, { state: 'confirmed', stripeId, lastError: null });
  return `adopted ${stripeId}`;
}

/** Another attempt with a key of its own; nothing of the last one is there. */
async function retry(deps: CollectDeps, push: Push): Promise<string> {
  if (push.state === 'deferred') return 'it waits for the minimum: the next invoice takes it along';
  if (push.kind === 'draft_item' && !(await isOnDraft(deps.stripe, push))) return retryOffDraft(deps, push);
  const attempt = push.attempt + 1;
  if (push.kind === 'draft_invoice') await releaseItems(deps, push);
  await change(deps, push, {
    state: 'sent',
    stripeId: null,
    attempt,
    idempotencyKey: keyOf(push.kind, push.id, attempt),
    firstSentAt: deps.clock.now(),
    lastError: null,
  });
  return `attempt ${attempt}`;
}

async function isOnDraft(stripe: Stripe, { params }: Push): Promise<boolean> {
  const draft = await find(stripe, String(params.invoice));
  return draft?.object === 'invoice' && draft.status === 'draft';
}

/** An item cannot be asked for on an invoice that is gone or finalized. */
async function retryOffDraft(deps: CollectDeps, push: Push): Promise<string> {
  const hasDraft = (await findPushes(deps.prisma, push.invoiceId)).some(
    ({ kind }) => kind === 'draft_invoice',
  );
  if (hasDraft) return `${push.params.invoice} is no draft any more: retry the push that made it`;
  await change(deps, push, { ...deferredAgain, lastError: null });
  return `${push.params.invoice} is no draft any more: the next invoice takes it along`;
}

/** What was on a draft that is gone is put on the next one anew; what others had carried waits again. */
async function releaseItems({ prisma, clock }: CollectDeps, draft: Push): Promise<void> {
  if (draft.stripeId === null) return;
  const ofDraft = { params: { path: ['invoice'], equals: draft.stripeId } };
  const onDraft = { kind: 'draft_item', ...ofDraft } as const;
  const stopped = await prisma.stripePush.findMany({
    where: { ...ofDraft, state: { in: ['needs_human', 'rejected'] } },
    select: { id: true },
  });
  await prisma.stripePush.updateMany({
    where: { ...onDraft, invoiceId: draft.invoiceId },
    data: { state: 'discarded', stripeId: null, seen: moved },
  });
  const { stripeId: draftId, invoiceId } = draft;
  await deferCarried(prisma, { draftId, invoiceId }, clock.now());
  await prisma.stripePush.deleteMany({ where: { invoiceId: draft.invoiceId, kind: 'finalize' } });
  for (const { id } of stopped)
    await closeOperatorAlert(prisma, { kind: STOPPED_PUSH_ALERT, subject: id }, clock.now(), 'tollgate');
}

async function change(
  deps: CollectDeps,
  push: Push,
  data: Prisma.StripePushUpdateManyMutationInput,
): Promise<void> {
  const now = deps.clock.now();
  await deps.prisma.$transaction(async (db) => {
    await db.stripePush.updateMany({ where: { id: push.id, state: push.state }, data });
    await closeOperatorAlert(db, { kind: STOPPED_PUSH_ALERT, subject: push.id }, now, 'tollgate');
  });
}

/** `state`: that of the Stripe invoice, or `pending`. */
type Found = { id: string; amount: number; currency: string; invoice: string | null; state: string };

/** What Stripe has of a push, as an operator needs to see it. */
async function lookUp(stripe: Stripe, push: Push): Promise<Found[]> {
  if (push.kind === 'draft_invoice') {
    const drafts = await lookUpInvoices(stripe, push);
    return drafts.map(({ id, total, currency, status }) => ({
      id,
      amount: total,
      currency,
      invoice: id,
      state: status ?? 'unknown',
    }));
  }
  if (push.kind !== 'invoice_item' && push.kind !== 'draft_item') return [];
  const found: Found[] = [];
  for (const { id, amount, currency, invoice } of await lookUpItems(stripe, push)) {
    const invoiceId = typeof invoice === 'string' ? invoice : (invoice?.id ?? null);
    const status = invoiceId === null ? 'pending' : (await stripe.invoices.retrieve(invoiceId)).status;
    found.push({ id, amount, currency, invoice: invoiceId, state: status ?? 'unknown' });
  }
  return found;
}

async function find(stripe: Stripe, id: string): Promise<Stripe.InvoiceItem | Stripe.Invoice | null> {
  try {
    const found = id.startsWith('in_')
      ? await stripe.invoices.retrieve(id)
      : await stripe.invoiceItems.retrieve(id);
    return 'deleted' in found && found.deleted ? null : found;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing')
      return null;
    throw error;
  }
}
