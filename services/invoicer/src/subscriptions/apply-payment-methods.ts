import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import type Stripe from 'stripe';
import type { StripeObjectDeps } from '../top-ups/stripe-object-deps.ts';
import { findStripeTenant } from './find-stripe-tenant.ts';

/** Stripe lets a customer have many; a person has a few. */
const METHODS_MAX = 100;

/**
 * Brings our copy of a customer's means of payment to what Stripe has. Takes the customer's id, or that
 * of a means of payment, which after it was removed no longer names its customer.
 */
export async function applyPaymentMethods(deps: StripeObjectDeps, id: string): Promise<string> {
  const customerId = id.startsWith('pm_') ? await customerOf(deps, id) : id;
  if (customerId === null) return 'not ours';
  const customer = await deps.stripe.customers.retrieve(customerId);
  const tenantId = await findStripeTenant(
    deps.prisma,
    customerId,
    customer.deleted ? null : customer.metadata,
  );
  if (tenantId === null) return 'not ours';
  const methods = customer.deleted
    ? []
    : (await deps.stripe.customers.listPaymentMethods(customerId, { limit: METHODS_MAX })).data;
  const standard = customer.deleted ? null : customer.invoice_settings.default_payment_method;
  const defaultId = typeof standard === 'string' ? standard : (standard?.id ?? null);
  await inTransaction(deps, ({ db }) =>
    replaceAll(db, { tenantId, customerId, methods, defaultId }, deps.clock.now()),
  );
  return `${methods.length} means of payment`;
}

async function customerOf({ stripe, prisma }: StripeObjectDeps, id: string): Promise<string | null> {
  const known = await prisma.paymentMethod.findUnique({ where: { id } });
  if (known) return known.customerId;
  const { customer } = await stripe.paymentMethods.retrieve(id);
  return typeof customer === 'string' ? customer : (customer?.id ?? null);
}

async function replaceAll(
  db: Db,
  read: { tenantId: string; customerId: string; methods: Stripe.PaymentMethod[]; defaultId: string | null },
  at: Date,
): Promise<void> {
  const { tenantId, customerId, methods, defaultId } = read;
  await db.paymentMethod.deleteMany({ where: { customerId, id: { notIn: methods.map(({ id }) => id) } } });
  for (const method of methods) {
    const { id, type, card } = method;
    const row = {
      tenantId,
      customerId,
      type,
      brand: card?.brand ?? null,
      last4: card?.last4 ?? method.sepa_debit?.last4 ?? null,
      expMonth: card?.exp_month ?? null,
      expYear: card?.exp_year ?? null,
      isDefault: id === defaultId,
      readAt: at,
    };
    await db.paymentMethod.upsert({ where: { id }, create: { id, ...row }, update: row });
  }
}
