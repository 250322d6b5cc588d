import { closeOperatorAlert, raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { changePlan } from '@tollgate/shared/guards/change-settings.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { lockTenant } from '@tollgate/shared/tenants/suspend-tenant.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type Stripe from 'stripe';
import type { CollectSettings } from '../collect-invoice/collect-deps.ts';
import type { StripeObjectDeps } from '../top-ups/stripe-object-deps.ts';
import { billedMeters } from './billed-meters.ts';
import { decidePlan, standingOf } from './decide-plan.ts';
import { findStripeTenant } from './find-stripe-tenant.ts';
import { type PricedPlan, planOfPrice } from './plan-of-price.ts';

export const UNKNOWN_PRICE_ALERT = 'unknown_stripe_price';
export const SECOND_SUBSCRIPTION_ALERT = 'second_stripe_subscription';

/**
 * Brings our row of a subscription, the tenant's plan and its link to the state of the subscription,
 * which is read again. A price that stands for no plan of ours changes no plan and alerts operators.
 */
export async function applySubscription(
  deps: StripeObjectDeps & { collectSettings?: CollectSettings },
  subscriptionId: string,
): Promise<string> {
  const subscription = await deps.stripe.subscriptions.retrieve(subscriptionId);
  const customerId = idOf(subscription.customer);
  const tenantId = await findStripeTenant(deps.prisma, customerId, subscription.metadata);
  if (tenantId === null) return 'not ours';
  // A price of a meter stands beside the plan's.
  const price = subscription.items.data.find((item) => item.price.recurring?.usage_type !== 'metered')?.price;
  const priced = price ? planOfPrice(price) : null;
  const meters = await billedMeters(deps, subscription);
  const at = deps.clock.now();
  const done = await inTransaction(deps, async ({ db }) => {
    // Also what is read here: another event of the tenant may be on its way.
    await lockTenant(db, tenantId);
    const plan = await knownPlan(db, priced);
    if (price && standingOf(subscription.status) === 'holds')
      await watchPrice(db, { price, plan, tenantId }, at);
    const before = await db.stripeSubscription.findUnique({ where: { id: subscriptionId } });
    const moved = await movePlan(db, { subscription, plan, tenantId, before }, at);
    const read = { subscription, customerId, tenantId, priceId: price?.id ?? null, meters, plan, before };
    await mirror(db, read, at);
    await link(db, { subscription, tenantId }, at);
    return moved === null ? subscription.status : `${subscription.status}, plan ${moved}`;
  });
  await billUsageMonthly(deps, subscription, priced);
  deps.logger.info({ tenantId, subscriptionId, done }, 'subscription read');
  return done;
}

async function knownPlan(db: Db, priced: PricedPlan | null): Promise<PricedPlan | null> {
  if (priced === null) return null;
  const plan = await db.plan.findUnique({ where: { id: priced.planId }, select: { id: true } });
  return plan ? priced : null;
}

async function watchPrice(
  db: Db,
  { price, plan, tenantId }: { price: Stripe.Price; plan: PricedPlan | null; tenantId: string },
  at: Date,
): Promise<void> {
  const key = { kind: UNKNOWN_PRICE_ALERT, subject: price.id };
  if (plan !== null) await closeOperatorAlert(db, key, at, 'tollgate');
  else {
    const detail = `a subscription has the price ${price.id} (${price.lookup_key ?? 'no lookup key'}), which stands for no plan here`;
    await raiseOperatorAlert(db, { ...key, tenantId, detail }, at);
  }
}

type Read = { subscription: Stripe.Subscription; tenantId: string };

type Before = { status: string; planId: string | null; interval: string | null } | null;

async function movePlan(
  db: Db,
  { subscription, plan, tenantId, before }: Read & { plan: PricedPlan | null; before: Before },
  at: Date,
): Promise<string | null> {
  const { planId: tenantPlanId } = await db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (await hasAnother(db, tenantId, subscription.id)) return null;
  const planId = decidePlan({
    status: subscription.status,
    planId: plan?.planId ?? null,
    before,
    tenantPlanId,
  });
  if (planId === null) return null;
  const changed = await changePlan(db, { tenantId, planId, changedBy: `stripe ${subscription.id}` }, at);
  return changed?.planId ?? null;
}

/** Whether another subscription is the one that the tenant's plan comes from. */
async function hasAnother(db: Db, tenantId: string, subscriptionId: string): Promise<boolean> {
  const settings = await db.billingSettings.findUnique({ where: { tenantId } });
  const linkedId = settings?.stripeSubscriptionId ?? null;
  if (linkedId === null || linkedId === subscriptionId) return false;
  const linked = await db.stripeSubscription.findUnique({ where: { id: linkedId } });
  return linked !== null && standingOf(linked.status) === 'holds';
}

async function mirror(
  db: Db,
  read: Read & {
    customerId: string;
    priceId: string | null;
    meters: string[];
    plan: PricedPlan | null;
    before: Before;
  },
  at: Date,
): Promise<void> {
  const { subscription, tenantId, customerId, priceId, meters, plan, before } = read;
  const item = subscription.items.data[0];
  const row = {
    tenantId,
    customerId,
    currency: subscription.currency.toUpperCase(),
    status: subscription.status,
    priceId,
    meters,
    // An unknown price changes nothing, so what the subscription gave before is still what it gives.
    planId: plan?.planId ?? before?.planId ?? null,
    interval: plan?.interval ?? before?.interval ?? null,
    currentPeriodStart: instantOf(item?.current_period_start),
    currentPeriodEnd: instantOf(item?.current_period_end),
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    readAt: at,
  };
  const { id } = subscription;
  await db.stripeSubscription.upsert({ where: { id }, create: { id, ...row }, update: row });
}

/** Ties the tenant to the subscription that holds, so that usage goes on its invoices; unties one that ended. */
async function link(db: Db, { subscription, tenantId }: Read, at: Date): Promise<void> {
  const { id, status } = subscription;
  if (standingOf(status) === 'ended') {
    await db.billingSettings.updateMany({
      where: { tenantId, stripeSubscriptionId: id },
      data: { stripeSubscriptionId: null },
    });
    await closeOperatorAlert(db, { kind: SECOND_SUBSCRIPTION_ALERT, subject: id }, at, 'tollgate');
  } else if (standingOf(status) === 'holds' && (await hasAnother(db, tenantId, id))) {
    const detail = `the tenant has a second subscription, ${id}: cancel one of them at Stripe`;
    await raiseOperatorAlert(db, { kind: SECOND_SUBSCRIPTION_ALERT, subject: id, tenantId, detail }, at);
  } else if (standingOf(status) === 'holds') {
    await db.billingSettings.updateMany({
      where: { tenantId, OR: [{ stripeSubscriptionId: null }, { stripeSubscriptionId: { not: id } }] },
      data: { stripeSubscriptionId: id },
    });
  }
}

/** Usage on a yearly plan is billed by the month: without this it would wait for a year. */
async function billUsageMonthly(
  { stripe }: StripeObjectDeps,
  subscription: Stripe.Subscription,
  priced: PricedPlan | null,
): Promise<void> {
  const isYearly = priced?.interval === 'yearly' && standingOf(subscription.status) === 'holds';
  if (!isYearly || subscription.pending_invoice_item_interval !== null) return;
  await stripe.subscriptions.update(subscription.id, {
    pending_invoice_item_interval: { interval: 'month', interval_count: 1 },
  });
}

function idOf(customer: string | { id: string }): string {
  return typeof customer === 'string' ? customer : customer.id;
}

function instantOf(seconds: number | undefined): Date | null {
  return seconds === undefined ? null : new Date(seconds * SECOND_MS);
}
