import { closeOperatorAlert, raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';

/** Who pays at Stripe, and on which running subscription items may ride. */
export type StripePayer = { customer: string; subscription: string | null };

/** A subscription in these states makes invoices that take pending items in. */
const ridable = new Set(['active', 'trialing', 'past_due']);

const ALERT = 'no_stripe_customer';

/**
 * The tenant's customer in a currency and its running subscription in the same one, as they were last
 * read; what was never read is taken from the settings. Null, with an alert, where nobody can be charged.
 */
export async function findPayer(
  db: Db,
  { tenantId, currency }: { tenantId: string; currency: string },
  now: Date,
): Promise<StripePayer | null> {
  const known = await db.stripeCustomer.findUnique({ where: { tenantId_currency: { tenantId, currency } } });
  const settings = await db.billingSettings.findUnique({ where: { tenantId } });
  const customer = known?.customerId ?? settings?.stripeCustomerId ?? null;
  if (customer === null || known?.deletedAt) {
    const detail = known?.deletedAt
      ? `customer ${known.customerId} was deleted at Stripe`
      : `there is no customer at Stripe for ${currency}`;
    await raiseOperatorAlert(db, { kind: ALERT, subject: `${tenantId} ${currency}`, tenantId, detail }, now);
    return null;
  }
  await closeOperatorAlert(db, { kind: ALERT, subject: `${tenantId} ${currency}` }, now, 'tollgate');
  const mirrored = await db.stripeSubscription.findMany({ where: { customerId: customer } });
  const running = mirrored.find((one) => one.currency === currency && ridable.has(one.status));
  const entered = settings?.stripeSubscriptionId ?? null;
  const isMirrored = mirrored.some(({ id }) => id === entered);
  return { customer, subscription: running?.id ?? (isMirrored ? null : entered) };
}

/** Whether a subscription makes no invoice any more that would take an item in this currency. */
export async function isEnded(db: Db, subscription: string, currency: string): Promise<boolean> {
  const mirrored = await db.stripeSubscription.findUnique({ where: { id: subscription } });
  return mirrored !== null && (mirrored.currency !== currency || !ridable.has(mirrored.status));
}
