import { bury } from '@tollgate/shared/dead-letters/bury.ts';
import { collectInvoice as queue } from '@tollgate/shared/queues/catalog.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inSpan } from '@tollgate/shared/runtime/trace.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import type Stripe from 'stripe';
import { classifyStripeError } from './stripe/classify-error.ts';
import { lookUpItems } from './stripe/look-up-item.ts';
import { confirmPush, type Push, preparePush, renewPush, stopPush } from './stripe/pushes.ts';

export type CollectDeps = TransactionDeps & { clock: Clock; logger: Logger; stripe: Stripe };

/** Stripe promises to remember a key for 24 hours; before that the same key is safe to repeat. */
const KEY_TRUSTED_MS = 20 * HOUR_MS;

/** Thrown for what passes by itself: the job comes again, and the sweeper is behind it. */
export class StripeUnavailableError extends Error {
  override name = 'StripeUnavailableError';
}

/**
 * Puts an invoice's total on the tenant's next subscription invoice at Stripe, once: the push is
 * committed before the call, repeated with the same key while Stripe remembers it, and looked up
 * before any other key is used.
 */
export async function collectInvoice(deps: CollectDeps, invoiceId: string): Promise<void> {
  const push = await inTransaction(deps, ({ db }) => preparePush(db, invoiceId, deps.clock.now()));
  if (push?.state !== 'sent') {
    // Done, stopped or nothing to do: whatever woke it need not wake it again.
    await deps.prisma.invoice.updateMany({
      where: { id: invoiceId, NOT: { wakeAt: null } },
      data: { wakeAt: null },
    });
    return;
  }
  const ageMs = deps.clock.now().getTime() - push.firstSentAt.getTime();
  if (ageMs < KEY_TRUSTED_MS) await send(deps, push);
  else await lookUpThenSend(deps, push);
}

async function send(deps: CollectDeps, push: Push): Promise<void> {
  const { stripe, prisma, logger } = deps;
  try {
    const item = await inSpan('stripe create invoice item', {}, () =>
      stripe.invoiceItems.create(push.params, { idempotencyKey: push.idempotencyKey }),
    );
    await adopt(deps, push, item);
  } catch (error) {
    const verdict = classifyStripeError(error);
    logger.warn({ pushId: push.id, verdict }, 'Stripe did not confirm the invoice item');
    if (verdict.kind === 'rejected') {
      await inTransaction(deps, async (tx) => {
        await stopPush(tx.db, push, 'rejected', verdict.detail);
        await bury(tx, deadLetterOf(push, verdict.detail), deps.clock.now());
      });
    } else if (verdict.kind === 'stored_failure') {
      await lookUpThenSend(deps, push);
    } else {
      await prisma.stripePush.update({ where: { id: push.id }, data: { lastError: verdict.detail } });
      throw new StripeUnavailableError(verdict.detail);
    }
  }
}

/** The key is worn out: what Stripe has decides. Nothing there, and only then, is it sent anew. */
async function lookUpThenSend(deps: CollectDeps, push: Push): Promise<void> {
  const { customer } = push.params;
  const items = await lookUpItems(deps.stripe, { pushId: push.id, customer, firstSentAt: push.firstSentAt });
  const [item, ...copies] = items;
  if (copies.length > 0) {
    await stopPush(
      deps.prisma,
      push,
      'needs_human',
      `${items.length} items at Stripe: ${items.map(({ id }) => id).join(', ')}`,
    );
  } else if (item) {
    await adopt(deps, push, item);
  } else {
    await send(deps, await renewPush(deps.prisma, push, deps.clock.now()));
  }
}

async function adopt(deps: CollectDeps, push: Push, item: Stripe.InvoiceItem): Promise<void> {
  const { amount, currency } = push.params;
  if (item.amount === amount && item.currency === currency) {
    await confirmPush(deps.prisma, push, item.id);
    deps.logger.info(
      { pushId: push.id, stripeId: item.id, invoiceId: push.invoiceId },
      'invoice item at Stripe',
    );
  } else {
    const detail = `${item.id} is ${item.amount} ${item.currency}, expected ${amount} ${currency}`;
    await stopPush(deps.prisma, push, 'needs_human', detail);
  }
}

function deadLetterOf(push: Push, detail: string) {
  const failureClass = 'stripe_rejected';
  return {
    queue: queue.name,
    jobId: `push ${push.id}`,
    payload: { invoiceId: push.invoiceId },
    failureClass,
    failureDetail: detail,
    fingerprint: failureClass,
    attempts: push.attempt,
    tenantId: push.tenantId,
  };
}
