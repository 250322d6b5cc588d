import type Stripe from 'stripe';
import type { PlanOffer } from './set-up-prices.ts';
import type { SetUpDeps } from './set-up-stripe.ts';

const MARK = 'tollgate_portal';

/**
 * Makes or changes the portal's configuration: cards, invoices, cancelling with the period, switching
 * between the plans. Where an account has none yet, the first is the default that sessions use.
 */
export async function setUpPortal(
  { stripe, told }: SetUpDeps,
  plans: readonly PlanOffer[],
  publicUrl: string,
): Promise<void> {
  const wanted = {
    features: {
      customer_update: { enabled: true, allowed_updates: ['address', 'email', 'name', 'tax_id'] as const },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: 'at_period_end' as const },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'] as const,
        proration_behavior: 'none' as const,
        products: plans.map(({ product, prices }) => ({ product, prices: prices.toSorted() })),
      },
    },
    default_return_url: publicUrl,
  };
  const { data } = await stripe.billingPortal.configurations.list({ active: true, limit: 100 });
  const found =
    data.find(({ metadata }) => metadata?.made_by === MARK) ?? data.find(({ is_default }) => is_default);
  const params = structuredClone(wanted) as unknown as Stripe.BillingPortal.ConfigurationCreateParams;
  if (!found) {
    await stripe.billingPortal.configurations.create({ ...params, metadata: { made_by: MARK } });
    told('made the portal’s configuration');
  } else if (!isSame(found, wanted)) {
    await stripe.billingPortal.configurations.update(found.id, { ...params, metadata: { made_by: MARK } });
    told('changed the portal’s configuration');
  }
}

type Wanted = {
  features: {
    subscription_update: { products: { product: string; prices: string[] }[] };
  };
  default_return_url: string;
};

function isSame(found: Stripe.BillingPortal.Configuration, wanted: Wanted): boolean {
  const { features } = found;
  const offered = (features.subscription_update.products ?? []).map(({ product, prices }) => ({
    product,
    prices: prices.toSorted(),
  }));
  const byProduct = (list: { product: string; prices: string[] }[]) =>
    JSON.stringify(list.toSorted((a, b) => (a.product < b.product ? -1 : 1)));
  return (
    found.default_return_url === wanted.default_return_url &&
    features.payment_method_update.enabled &&
    features.invoice_history.enabled &&
    features.customer_update.enabled &&
    features.subscription_cancel.enabled &&
    features.subscription_cancel.mode === 'at_period_end' &&
    features.subscription_update.enabled &&
    byProduct(offered) === byProduct(wanted.features.subscription_update.products)
  );
}
