import type { Db } from '@tollgate/shared/runtime/database.ts';
import type Stripe from 'stripe';
import type { StripeItem } from './judge-items.ts';

const ANSWER_MS = 20_000;
const ITEMS_MAX = 10_000;

/** The account at the Stripe simulator: what it holds, and the time that passes there. */
export type StripeAccount = {
  /** Every invoice item of a customer, pending or on an invoice. */
  listItems(customerId: string): Promise<StripeItem[]>;
  /** Ends the subscription's month: the next one begins, its invoice is made and collected. */
  renew(subscriptionId: string): Promise<void>;
};

/** The account that `stripe` speaks to; `simulatorUrl` is where that simulator is. */
export function openStripeAccount(stripe: Stripe, simulatorUrl: string): StripeAccount {
  return {
    async listItems(customerId) {
      const items = await stripe.invoiceItems
        .list({ customer: customerId, limit: 100 })
        .autoPagingToArray({ limit: ITEMS_MAX });
      return items.map(({ id, amount, currency, metadata }) => ({
        id,
        amount,
        currency,
        ofInvoice: metadata?.invoice_id,
      }));
    },
    async renew(subscriptionId) {
      const path = `/simulator/subscriptions/${subscriptionId}/renew`;
      const signal = AbortSignal.timeout(ANSWER_MS);
      const response = await fetch(simulatorUrl + path, { method: 'POST', signal });
      if (!response.ok)
        throw new Error(`POST ${path} was answered ${response.status}, ${await response.text()}`);
    },
  };
}

/** The subscriptions on which the tenants' usage is put, for those that have one. */
export async function readSubscriptions(
  db: Db,
  tenantIds: readonly string[],
): Promise<{ customerId: string; subscriptionId: string }[]> {
  const settings = await db.billingSettings.findMany({ where: { tenantId: { in: [...tenantIds] } } });
  return settings.flatMap(({ stripeCustomerId: customerId, stripeSubscriptionId: subscriptionId }) =>
    customerId && subscriptionId ? [{ customerId, subscriptionId }] : [],
  );
}
