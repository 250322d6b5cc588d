import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { linkCustomer } from '@tollgate/shared/stripe/stripe-customers.ts';
import type Stripe from 'stripe';
import type { StripeObjectDeps } from '../top-ups/stripe-object-deps.ts';
import { applyPaymentMethods } from './apply-payment-methods.ts';
import { findStripeTenant } from './find-stripe-tenant.ts';

/**
 * Brings our record of a customer to what Stripe has: whose it is, whether it is still there, whether
 * its VAT id is good, and what it pays with.
 */
export async function applyCustomer(deps: StripeObjectDeps, customerId: string): Promise<string> {
  const customer = await deps.stripe.customers.retrieve(customerId);
  const tenantId = await findStripeTenant(
    deps.prisma,
    customerId,
    customer.deleted ? null : customer.metadata,
  );
  if (tenantId === null) return 'not ours';
  if (customer.deleted) return markDeleted(deps, { tenantId, customerId });
  await linkNamed(deps, tenantId, customer);
  const checked = await readVatCheck(deps, tenantId, customerId);
  const methods = await applyPaymentMethods(deps, customerId);
  return checked === null ? methods : `${methods}, VAT id ${checked ? 'is' : 'is not'} valid`;
}

async function markDeleted(
  deps: StripeObjectDeps,
  { tenantId, customerId }: { tenantId: string; customerId: string },
): Promise<string> {
  const at = deps.clock.now();
  await inTransaction(deps, async ({ db }) => {
    await db.stripeCustomer.updateMany({ where: { customerId, deletedAt: null }, data: { deletedAt: at } });
    const detail = `customer ${customerId} was deleted at Stripe: nothing is collected from the tenant until it has another`;
    await raiseOperatorAlert(
      db,
      { kind: 'stripe_customer_deleted', subject: customerId, tenantId, detail },
      at,
    );
  });
  await applyPaymentMethods(deps, customerId);
  return 'deleted at Stripe';
}

/** A customer that we made and whose answer was lost says itself whose it is. */
async function linkNamed(deps: StripeObjectDeps, tenantId: string, customer: Stripe.Customer): Promise<void> {
  const currency = customer.metadata.currency;
  if (!currency || !/^[A-Z]{3}$/.test(currency)) return;
  await linkCustomer(deps.prisma, { tenantId, currency }, customer.id, deps.clock.now());
}

/** What Stripe found out about the VAT id that the tenant gave us; null while it has not said. */
async function readVatCheck(
  { stripe, prisma, clock }: StripeObjectDeps,
  tenantId: string,
  customerId: string,
): Promise<boolean | null> {
  const details = await prisma.billingDetails.findUnique({ where: { tenantId }, select: { vatId: true } });
  if (!details?.vatId) return null;
  const { data } = await stripe.customers.listTaxIds(customerId, { limit: 20 });
  const own = data.find(({ value }) => value === details.vatId);
  const status = own?.verification?.status;
  if (status !== 'verified' && status !== 'unverified') return null;
  const vatIdValid = status === 'verified';
  await prisma.billingDetails.updateMany({
    where: { tenantId, vatId: details.vatId },
    data: { vatIdValid, vatIdCheckedAt: clock.now() },
  });
  return vatIdValid;
}
