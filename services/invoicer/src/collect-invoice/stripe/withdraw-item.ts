import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import type { StripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import Stripe from 'stripe';
import type { CollectDeps } from '../collect-deps.ts';
import { lookUpItems } from './look-up.ts';
import type { Push } from './pushes.ts';

/** Deletes at Stripe what a push of a void invoice made, and ends the push. The caller holds the customer's lease. */
export async function withdrawItem(deps: CollectDeps, lease: StripeLease, push: Push): Promise<void> {
  const left: string[] = [];
  // Of what was given up only what is still there is deleted.
  const known = push.state === 'discarded' ? null : push.stripeId;
  for (const id of idsOf(known, await lookUpItems(deps.stripe, push))) {
    await lease.extend();
    const reason = await deps.stripe.invoiceItems.del(id).then(
      () => null,
      (error: unknown) => reasonOf(error, id),
    );
    if (reason !== null) left.push(reason);
  }
  await endPush(deps, push, left);
}

/** What a push made, as far as we or Stripe know. */
export function idsOf(known: string | null, found: readonly { id: string }[]): Set<string> {
  return new Set([...(known === null ? [] : [known]), ...found.map(({ id }) => id)]);
}

/** Ends a push of a void invoice, and tells operators what is left of it at Stripe. */
export async function endPush(
  { prisma, clock }: CollectDeps,
  push: Push,
  left: readonly string[],
): Promise<void> {
  const { id, tenantId, invoiceId } = push;
  const reason = left.length === 0 ? 'taken back: the invoice is void' : left.join('; ');
  await prisma.$transaction(async (db) => {
    if (left.length > 0) {
      const detail = `invoice ${invoiceId} is void, but ${reason}`;
      const alert = { kind: 'stripe_not_taken_back', subject: id, tenantId, detail };
      await raiseOperatorAlert(db, alert, clock.now());
    }
    // What was given up before keeps its reason, unless something of it was found.
    const isNews = push.state !== 'discarded' || left.length > 0;
    if (isNews)
      await db.stripePush.update({ where: { id }, data: { state: 'discarded', lastError: reason } });
  });
}

/** Why an object stays at Stripe; null where it is gone already. */
export function reasonOf(error: unknown, id: string): string | null {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
  return error.code === 'resource_missing' ? null : `${id} stays at Stripe: ${error.message}`;
}
