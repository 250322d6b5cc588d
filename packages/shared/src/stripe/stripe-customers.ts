import type Stripe from 'stripe';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { toPublicId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import type { Clock } from '../time/clock.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/durations.ts';
import { classifyStripeError } from './classify-error.ts';

export type StripeCustomerDeps = { prisma: PrismaClient; clock: Clock; stripe: Stripe };

type CustomerRef = { tenantId: string; currency: string };
type Request = CustomerRef & { params: Stripe.CustomerCreateParams; attempt: number; firstSentAt: Date };

/** Stripe promises to remember a key for 24 hours; before that the same key is safe to repeat. */
export const KEY_TRUSTED_MS = 20 * HOUR_MS;
const CLOCK_SKEW_MS = 10 * MINUTE_MS;

/** A tenant whose customer was deleted at Stripe: an operator has to look before anything is made anew. */
export class StripeCustomerDeletedError extends Error {
  override name = 'StripeCustomerDeletedError';
}

/**
 * The tenant's customer at Stripe for a currency, made where there is none yet, once: what it is made
 * with is frozen before the call, repeated with the same key while Stripe remembers it, and looked for
 * before any other key is used. Throws what Stripe's library throws, and StripeCustomerDeletedError.
 */
export async function ensureStripeCustomer(deps: StripeCustomerDeps, ref: CustomerRef): Promise<string> {
  const { prisma, clock, stripe } = deps;
  const known = await findStripeCustomer(prisma, ref);
  if (known !== null) return known;
  const request = await freezeRequest(prisma, ref, clock.now());
  if (clock.now().getTime() - request.firstSentAt.getTime() >= KEY_TRUSTED_MS)
    return lookUpThenCreate(deps, request);
  try {
    const { id } = await stripe.customers.create(request.params, { idempotencyKey: keyOf(request) });
    return await linkCustomer(prisma, ref, id, clock.now());
  } catch (error) {
    if (classifyStripeError(error).kind !== 'stored_failure') throw error;
    return lookUpThenCreate(deps, request);
  }
}

/** The key is worn out: what Stripe has decides. Nothing there, and only then, it is made with another key. */
async function lookUpThenCreate(
  { prisma, clock, stripe }: StripeCustomerDeps,
  worn: Request,
): Promise<string> {
  const found = await lookUpCustomer(stripe, worn);
  if (found !== null) return linkCustomer(prisma, worn, found, clock.now());
  const request = await renewRequest(prisma, worn, clock.now());
  const { id } = await stripe.customers.create(request.params, { idempotencyKey: keyOf(request) });
  return linkCustomer(prisma, worn, id, clock.now());
}

/** The customer that is known for a tenant and currency, or null. Throws StripeCustomerDeletedError. */
export async function findStripeCustomer(
  db: Db,
  { tenantId, currency }: CustomerRef,
): Promise<string | null> {
  const row = await db.stripeCustomer.findUnique({ where: { tenantId_currency: { tenantId, currency } } });
  if (row === null) return null;
  if (row.deletedAt !== null)
    throw new StripeCustomerDeletedError(`customer ${row.customerId} was deleted at Stripe`);
  return row.customerId;
}

/** Records whose customer it is; one that was recorded before stays. Returns the recorded one. */
export async function linkCustomer(
  db: Db,
  { tenantId, currency }: CustomerRef,
  customerId: string,
  at: Date,
): Promise<string> {
  await db.$executeRaw`
    INSERT INTO stripe_customers (tenant_id, currency, customer_id, created_at)
    VALUES (${tenantId}::uuid, ${currency}, ${customerId}, ${at})
    ON CONFLICT DO NOTHING`;
  const row = await db.stripeCustomer.findUniqueOrThrow({
    where: { tenantId_currency: { tenantId, currency } },
  });
  await db.$executeRaw`
    UPDATE billing_settings s SET stripe_customer_id = ${row.customerId}
    FROM tenants t
    WHERE s.tenant_id = ${tenantId}::uuid AND t.id = s.tenant_id AND t.currency = ${currency}
      AND s.stripe_customer_id IS NULL`;
  return row.customerId;
}

async function freezeRequest(db: Db, ref: CustomerRef, now: Date): Promise<Request> {
  const { tenantId, currency } = ref;
  const params = await describeCustomer(db, ref);
  await db.$executeRaw`
    INSERT INTO stripe_customer_requests (tenant_id, currency, params, first_sent_at)
    VALUES (${tenantId}::uuid, ${currency}, ${JSON.stringify(params)}::jsonb, ${now})
    ON CONFLICT DO NOTHING`;
  const row = await db.stripeCustomerRequest.findUniqueOrThrow({
    where: { tenantId_currency: { tenantId, currency } },
  });
  return row as unknown as Request;
}

async function describeCustomer(
  db: Db,
  { tenantId, currency }: CustomerRef,
): Promise<Stripe.CustomerCreateParams> {
  const { name, billingDetails, billingSettings } = await db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    include: { billingDetails: true, billingSettings: { select: { email: true } } },
  });
  return {
    name: billingDetails?.legalName ?? name,
    ...(billingSettings?.email && { email: billingSettings.email }),
    ...(billingDetails && {
      address: {
        country: billingDetails.country,
        city: billingDetails.city,
        line1: billingDetails.street,
        postal_code: billingDetails.postalCode,
      },
      preferred_locales: [billingDetails.locale],
    }),
    metadata: { tenant_id: toPublicId('tnt', tenantId), currency },
  };
}

async function lookUpCustomer(stripe: Stripe, request: Request): Promise<string | null> {
  const { tenant_id: tenant } = request.params.metadata as Record<string, string>;
  const created = { gte: Math.floor((request.firstSentAt.getTime() - CLOCK_SKEW_MS) / SECOND_MS) };
  for await (const { id, metadata } of stripe.customers.list({ created, limit: 100 })) {
    if (metadata.tenant_id === tenant && metadata.currency === request.currency) return id;
  }
  return null;
}

async function renewRequest(db: Db, request: Request, now: Date): Promise<Request> {
  const { tenantId, currency, attempt } = request;
  const renewed = { attempt: attempt + 1, firstSentAt: now };
  const { count } = await db.stripeCustomerRequest.updateMany({
    where: { tenantId, currency, attempt },
    data: renewed,
  });
  if (count === 0) throw new Error(`the customer of ${tenantId} is being made by another process`);
  return { ...request, ...renewed };
}

function keyOf({ tenantId, currency, attempt }: Request): string {
  return `tollgate:customer:${tenantId}:${currency}:a${attempt}`;
}
