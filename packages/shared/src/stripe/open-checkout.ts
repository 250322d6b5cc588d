import type Stripe from 'stripe';
import { z } from 'zod';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { toPublicId } from '../ids/ids.ts';
import { inTransaction, type TransactionDeps } from '../runtime/transaction.ts';
import type { Clock } from '../time/clock.ts';
import { MINUTE_MS, SECOND_MS } from '../time/durations.ts';
import { classifyStripeError } from './classify-error.ts';
import type { StripeTaxMode } from './stripe-config.ts';
import { ensureStripeCustomer, KEY_TRUSTED_MS, StripeCustomerDeletedError } from './stripe-customers.ts';
import { decideTopUpTax } from './top-up-tax.ts';
import { lockTopUp, readTopUp, type TopUpRow, topUpKey } from './top-ups.ts';

export type OpenCheckoutDeps = TransactionDeps & {
  prisma: PrismaClient;
  clock: Clock;
  stripe: Stripe;
  /** Without one Stripe computes no tax. */
  taxMode?: StripeTaxMode;
};

/** What a caller asked for, until the first call freezes what Stripe is asked for. */
export const CheckoutWish = z.object({
  successUrl: z.string(),
  cancelUrl: z.string(),
  saveCard: z.boolean(),
  locale: z.string().optional(),
});
export type CheckoutWish = z.infer<typeof CheckoutWish>;

/** Sessions live for a day; from this time on it is looked at now and then. */
const FIRST_LOOK_MS = 30 * MINUTE_MS;
const CLOCK_SKEW_MS = 10 * MINUTE_MS;

/** Thrown for what passes by itself: the row stays, and the sweeper comes again. */
export class CheckoutUnavailableError extends Error {
  override name = 'CheckoutUnavailableError';
}

/**
 * Opens Stripe's page for a top-up, once: what is asked for is frozen and committed before the call,
 * repeated with the same key while Stripe remembers it, and looked up before any other key is used.
 * Returns the row as it is then. Throws CheckoutUnavailableError where Stripe did not answer.
 */
export async function openCheckout(deps: OpenCheckoutDeps, topUpId: string): Promise<TopUpRow> {
  const row = await readTopUp(deps.prisma, topUpId);
  if (!row) throw new RangeError(`there is no top-up ${topUpId}`);
  if (row.kind !== 'checkout' || row.state !== 'created' || row.sessionId !== null) return row;
  try {
    const frozen = await freeze(deps, row);
    if (frozen.sessionId !== null) return frozen;
    const ageMs = deps.clock.now().getTime() - (frozen.firstSentAt?.getTime() ?? 0);
    if (ageMs >= KEY_TRUSTED_MS) return await lookUp(deps, frozen, 'give up');
    return await send(deps, frozen);
  } catch (error) {
    if (error instanceof StripeCustomerDeletedError) return end(deps, row, error.message);
    const verdict = classifyStripeError(error);
    if (verdict.kind === 'stored_failure') return lookUp(deps, row, 'renew');
    if (verdict.kind === 'rejected') return end(deps, row, verdict.detail);
    await deps.prisma.topUp.update({ where: { id: row.id }, data: { lastError: verdict.detail } });
    throw new CheckoutUnavailableError(verdict.detail);
  }
}

async function freeze(deps: OpenCheckoutDeps, row: TopUpRow): Promise<TopUpRow> {
  if (row.firstSentAt !== null) return row;
  const { tenantId, currency, netMinor } = row;
  const customer = await ensureStripeCustomer(deps, { tenantId, currency });
  const now = deps.clock.now();
  return inTransaction(deps, async ({ db }) => {
    const locked = await lockTopUp(db, row.id);
    if (!locked || locked.firstSentAt !== null) return locked ?? row;
    const tax = await decideTopUpTax(
      db,
      { tenantId, netMinor, taxMode: deps.taxMode ?? 'none', isCheckout: true },
      now,
    );
    const wish = CheckoutWish.parse(locked.params);
    const params = buildCheckout({
      ...locked,
      customer,
      wish,
      isTaxedByStripe: tax.by === 'stripe',
      vatMinor: tax.by === 'us' ? tax.vatMinor : 0n,
    });
    const frozen = { params: params as object, firstSentAt: now, prepaidTax: tax.due };
    await db.topUp.update({ where: { id: row.id }, data: frozen });
    return { ...locked, ...frozen, params: params as object as TopUpRow['params'] };
  });
}

type CheckoutSource = Pick<TopUpRow, 'id' | 'tenantId' | 'currency' | 'netMinor'> & {
  customer: string;
  wish: CheckoutWish;
  isTaxedByStripe: boolean;
  vatMinor: bigint;
};

/** What is sent to `POST /v1/checkout/sessions`. VAT of ours is a line of its own, so that no rate is kept in two places. */
export function buildCheckout(source: CheckoutSource): Stripe.Checkout.SessionCreateParams {
  const { id, tenantId, currency, netMinor, vatMinor, customer, wish, isTaxedByStripe } = source;
  const topUpId = toPublicId('top', id);
  const metadata = { top_up_id: topUpId, tenant_id: toPublicId('tnt', tenantId) };
  const line = (name: string, amount: bigint) => ({
    quantity: 1,
    price_data: {
      currency: currency.toLowerCase(),
      unit_amount: Number(amount),
      ...(isTaxedByStripe && { tax_behavior: 'exclusive' as const }),
      product_data: { name },
    },
  });
  return {
    mode: 'payment',
    customer,
    client_reference_id: topUpId,
    line_items: [line('SMS credit', netMinor), ...(vatMinor > 0n ? [line('VAT', vatMinor)] : [])],
    ...(isTaxedByStripe && {
      automatic_tax: { enabled: true },
      customer_update: { address: 'auto' as const },
    }),
    payment_intent_data: {
      description: 'SMS credit',
      metadata,
      ...(wish.saveCard && { setup_future_usage: 'off_session' as const }),
    },
    metadata,
    success_url: wish.successUrl,
    cancel_url: wish.cancelUrl,
    ...(wish.locale && { locale: wish.locale as Stripe.Checkout.SessionCreateParams.Locale }),
  };
}

async function send(deps: OpenCheckoutDeps, row: TopUpRow): Promise<TopUpRow> {
  const params = row.params as object as Stripe.Checkout.SessionCreateParams;
  const session = await deps.stripe.checkout.sessions.create(params, { idempotencyKey: row.idempotencyKey });
  return adoptSession(deps, row, session);
}

async function adoptSession(
  deps: OpenCheckoutDeps,
  row: TopUpRow,
  session: Stripe.Checkout.Session,
): Promise<TopUpRow> {
  const wakeAt = new Date(deps.clock.now().getTime() + FIRST_LOOK_MS);
  await deps.prisma.topUp.updateMany({
    where: { id: row.id, sessionId: null },
    data: { sessionId: session.id, checkoutUrl: session.url, lastError: null },
  });
  // Only while it is open: an event may have been quicker than this answer.
  await deps.prisma.topUp.updateMany({
    where: { id: row.id, state: 'created' },
    data: { wakeAt, wakeCount: 0 },
  });
  return (await readTopUp(deps.prisma, row.id)) ?? row;
}

/** The key is worn out: what Stripe has decides. Nothing there, and only then, another key is used or it ends. */
async function lookUp(
  deps: OpenCheckoutDeps,
  row: TopUpRow,
  otherwise: 'renew' | 'give up',
): Promise<TopUpRow> {
  const current = (await readTopUp(deps.prisma, row.id)) ?? row;
  const { customer } = current.params as { customer?: string };
  const firstSentAt = current.firstSentAt?.getTime() ?? current.createdAt.getTime();
  const created = { gte: Math.floor((firstSentAt - CLOCK_SKEW_MS) / SECOND_MS) };
  const topUpId = toPublicId('top', row.id);
  if (customer !== undefined) {
    for await (const session of deps.stripe.checkout.sessions.list({ customer, created, limit: 100 })) {
      if (session.metadata?.top_up_id === topUpId) return adoptSession(deps, current, session);
    }
  }
  // Nobody waits for a page any more that could not be opened for most of a day.
  if (otherwise === 'give up') return end(deps, current, 'Stripe could not be reached in time');
  const attempt = current.attempt + 1;
  const renewed = { attempt, idempotencyKey: topUpKey(row.id, attempt), firstSentAt: deps.clock.now() };
  const { count } = await deps.prisma.topUp.updateMany({
    where: { id: row.id, attempt: current.attempt, sessionId: null },
    data: renewed,
  });
  if (count === 0) throw new CheckoutUnavailableError('another process is opening it');
  try {
    return await send(deps, { ...current, ...renewed });
  } catch (error) {
    throw new CheckoutUnavailableError(classifyStripeError(error).detail);
  }
}

async function end(deps: OpenCheckoutDeps, row: TopUpRow, lastError: string): Promise<TopUpRow> {
  await deps.prisma.topUp.updateMany({
    where: { id: row.id, state: 'created', sessionId: null },
    data: { state: 'failed', lastError, wakeAt: null },
  });
  return (await readTopUp(deps.prisma, row.id)) ?? row;
}
