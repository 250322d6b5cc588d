import type Stripe from 'stripe';

/** The card that a customer's payments are taken from: the default one, else the one saved last. Null without any. */
export async function findMethodToCharge(stripe: Stripe, customerId: string): Promise<string | null> {
  const customer = await stripe.customers.retrieve(customerId);
  if (customer.deleted) return null;
  const standard = customer.invoice_settings.default_payment_method;
  if (standard !== null) return typeof standard === 'string' ? standard : standard.id;
  const { data } = await stripe.customers.listPaymentMethods(customerId, { type: 'card', limit: 1 });
  return data[0]?.id ?? null;
}
