import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { markApplied } from '@tollgate/shared/inbox/inbox.ts';
import { withStripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import Stripe from 'stripe';
import { applyCustomer } from '../subscriptions/apply-customer.ts';
import { applyPaymentMethods } from '../subscriptions/apply-payment-methods.ts';
import { applySubscription } from '../subscriptions/apply-subscription.ts';
import { applyFraudWarning } from '../top-ups/apply-fraud-warning.ts';
import { applyTopUpIntent } from '../top-ups/apply-top-up-intent.ts';
import { applyTopUpSession } from '../top-ups/apply-top-up-session.ts';
import { alertOperators } from './alert-operators.ts';
import { applyDispute } from './apply-dispute.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { applyInvoice } from './apply-invoice.ts';
import { applyInvoiceItem } from './apply-invoice-item.ts';
import { applyMeterErrors } from './apply-meter-errors.ts';
import { applyRefund } from './apply-refund.ts';
import { checkPrices } from './check-prices.ts';
import type { Applied } from './event-table.ts';
import { readEvent } from './read-event.ts';

export type { ApplyEventDeps } from './apply-event-deps.ts';

/** Raised for events that are not applied: subject is what is wrong with them. */
export const FOREIGN_EVENT_ALERT = 'stripe_event_not_applied';

/**
 * Applies a stored Stripe event by reading its object again and bringing our rows to its state, one
 * event of an object at a time, so that order and copies do not matter. What there is nothing to do
 * about is kept and marked as ignored, what we must not read stays unapplied.
 */
export async function applyStripeEvent(deps: ApplyEventDeps, inboxId: string): Promise<void> {
  const { prisma, clock, inbox } = deps;
  const stored = await inbox.read(prisma, inboxId);
  if (!stored) return;
  const event = readEvent(stored.body, { livemode: deps.livemode });
  if (event.kind === 'foreign') return keep(deps, inboxId, event);
  await markApplied(prisma, [{ id: inboxId, result: await apply(deps, event) }], clock.now());
}

async function apply(
  deps: ApplyEventDeps,
  event: Exclude<ReturnType<typeof readEvent>, { kind: 'foreign' }>,
) {
  if (event.kind === 'unreadable') return 'unreadable: ignored';
  const { type, plan, objectId } = event;
  if (plan.kind === 'ignored') return `${type}: ignored, ${plan.reason}`;
  const result = await withStripeLease(deps, `object ${objectId}`, () =>
    applyTo(deps, plan.kind, objectId, type),
  ).catch(tellMissing);
  return `${type}: ${result}`;
}

/** An event may be about what was deleted since, or never was: there is nothing to bring our rows to. */
function tellMissing(error: unknown): string {
  const isMissing =
    error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';
  if (isMissing) return 'Stripe knows no such object';
  throw error;
}

function applyTo(deps: ApplyEventDeps, kind: Applied, id: string, type: string): Promise<string> {
  switch (kind) {
    case 'invoice':
      return applyInvoice(deps, id, type);
    case 'invoice_item':
      return applyInvoiceItem(deps, id);
    case 'customer':
      return applyCustomer(deps, id);
    case 'subscription':
      return applySubscription(deps, id);
    case 'payment_methods':
      return applyPaymentMethods(deps, id);
    case 'session':
      return applyTopUpSession(deps, id);
    case 'intent':
      return applyTopUpIntent(deps, id);
    case 'refund':
      return applyRefund(deps, id);
    case 'dispute':
      return applyDispute(deps, id);
    case 'fraud_warning':
      return applyFraudWarning(deps, id);
    case 'prices':
      return checkPrices(deps);
    case 'credit_note':
      return alertOperators(deps, {
        kind: 'stripe_credit_note',
        id,
        stripeInvoiceId: id,
        detail: `${type} at Stripe`,
      });
    case 'invoice_alert':
      return alertOperators(deps, {
        kind: 'stripe_invoice_attention',
        id,
        stripeInvoiceId: id,
        detail: type,
      });
    case 'meter_errors':
      return applyMeterErrors(deps, id);
    case 'payout':
      return alertOperators(deps, { kind: 'stripe_payout_failed', id, detail: type });
  }
}

/** It is not marked as applied: once the cause is gone, operators let it be applied again. */
async function keep(
  { prisma, clock }: ApplyEventDeps,
  inboxId: string,
  { type, detail }: { type: string; detail: string },
): Promise<void> {
  await prisma.$transaction(async (db) => {
    const result = `${type}: not applied, ${detail}`;
    await db.inboxEvent.updateMany({
      where: { id: inboxId, appliedAt: null },
      data: { wakeAt: null, result },
    });
    await raiseOperatorAlert(db, { kind: FOREIGN_EVENT_ALERT, subject: detail, detail: result }, clock.now());
  });
}
