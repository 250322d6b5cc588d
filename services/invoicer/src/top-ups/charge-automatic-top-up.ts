import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { classifyStripeError } from '@tollgate/shared/stripe/classify-error.ts';
import type { StripeTaxMode } from '@tollgate/shared/stripe/stripe-config.ts';
import {
  ensureStripeCustomer,
  KEY_TRUSTED_MS,
  StripeCustomerDeletedError,
} from '@tollgate/shared/stripe/stripe-customers.ts';
import { decideTopUpTax } from '@tollgate/shared/stripe/top-up-tax.ts';
import { lockTopUp, type TopUpRow, topUpKey } from '@tollgate/shared/stripe/top-ups.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import Stripe from 'stripe';
import { applyTopUpIntent, reasonOf } from './apply-top-up-intent.ts';
import { failAutomaticTopUp } from './fail-automatic-top-up.ts';
import { findMethodToCharge } from './find-method-to-charge.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/** Without a tax mode Stripe computes none. */
export type ChargeTopUpDeps = StripeObjectDeps & { taxMode?: StripeTaxMode };

/** Thrown for what passes by itself: the job comes again, and the sweeper is behind it. */
export class TopUpUnavailableError extends Error {
  override name = 'TopUpUnavailableError';
}

const CLOCK_SKEW_MS = 10 * MINUTE_MS;

/**
 * Charges the tenant's card for an automatic top-up, once: what is asked for is committed before the
 * call, repeated with the same key while Stripe remembers it, and looked up before any other key.
 * Throws TopUpUnavailableError where nobody knows yet.
 */
export async function chargeAutomaticTopUp(deps: ChargeTopUpDeps, topUp: TopUpRow): Promise<string> {
  try {
    const frozen = await freeze(deps, topUp);
    if (frozen === null) return 'no card';
    const ageMs = deps.clock.now().getTime() - (frozen.firstSentAt?.getTime() ?? 0);
    if (ageMs >= KEY_TRUSTED_MS) return await lookUpThenSend(deps, frozen);
    return await send(deps, frozen);
  } catch (error) {
    if (error instanceof StripeCustomerDeletedError) {
      await failAutomaticTopUp(deps, topUp, { reason: error.message });
      return error.message;
    }
    if (error instanceof TopUpUnavailableError) throw error;
    throw unavailable(classifyStripeError(error).detail);
  }
}

/** Fixes card and amount before the first call; null where there is no card to charge. */
async function freeze(deps: ChargeTopUpDeps, topUp: TopUpRow): Promise<TopUpRow | null> {
  if (topUp.firstSentAt !== null) return topUp;
  const { id, tenantId, currency, netMinor } = topUp;
  const customer = await ensureStripeCustomer(deps, { tenantId, currency });
  const method = await findMethodToCharge(deps.stripe, customer);
  if (method === null) {
    await failAutomaticTopUp(deps, topUp, { reason: 'no_payment_method' });
    return null;
  }
  const at = deps.clock.now();
  return inTransaction(deps, async ({ db }) => {
    const locked = await lockTopUp(db, id);
    if (!locked || locked.firstSentAt !== null) return locked;
    const tax = await decideTopUpTax(
      db,
      { tenantId, netMinor, taxMode: deps.taxMode ?? 'none', isCheckout: false },
      at,
    );
    const vatMinor = tax.by === 'us' ? tax.vatMinor : 0n;
    const params = {
      amount: Number(netMinor + vatMinor),
      currency: currency.toLowerCase(),
      customer,
      payment_method: method,
      confirm: true,
      off_session: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      description: 'SMS credit, automatic top-up',
      metadata: { top_up_id: toPublicId('top', id), tenant_id: toPublicId('tnt', tenantId) },
    } satisfies Stripe.PaymentIntentCreateParams;
    const frozen = { params, firstSentAt: at, prepaidTax: tax.due };
    await db.topUp.update({ where: { id }, data: frozen });
    return { ...locked, ...frozen };
  });
}

async function send(deps: ChargeTopUpDeps, topUp: TopUpRow): Promise<string> {
  const params = topUp.params as object as Stripe.PaymentIntentCreateParams;
  try {
    const intent = await deps.stripe.paymentIntents.create(params, { idempotencyKey: topUp.idempotencyKey });
    return await applyTopUpIntent(deps, intent.id);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) {
      const intent = error.payment_intent as Stripe.PaymentIntent | undefined;
      const reason = intent ? reasonOf(intent) : (error.decline_code ?? error.code ?? 'declined');
      await failAutomaticTopUp(deps, topUp, { reason, paymentIntentId: intent?.id });
      return 'payment failed';
    }
    const verdict = classifyStripeError(error);
    if (verdict.kind === 'stored_failure') return lookUpThenSend(deps, topUp);
    if (verdict.kind === 'rejected') return reject(deps, topUp, verdict.detail);
    await deps.prisma.topUp.update({ where: { id: topUp.id }, data: { lastError: verdict.detail } });
    throw unavailable(verdict.detail);
  }
}

/** The key is worn out: what Stripe has decides. Nothing there, and only then, the card is charged anew. */
async function lookUpThenSend(deps: ChargeTopUpDeps, topUp: TopUpRow): Promise<string> {
  const { customer } = topUp.params as { customer: string };
  const firstSentAt = topUp.firstSentAt?.getTime() ?? topUp.createdAt.getTime();
  const created = { gte: Math.floor((firstSentAt - CLOCK_SKEW_MS) / SECOND_MS) };
  const topUpId = toPublicId('top', topUp.id);
  for await (const intent of deps.stripe.paymentIntents.list({ customer, created, limit: 100 })) {
    if (intent.metadata.top_up_id === topUpId) return applyTopUpIntent(deps, intent.id);
  }
  const attempt = topUp.attempt + 1;
  const renewed = { attempt, idempotencyKey: topUpKey(topUp.id, attempt), firstSentAt: deps.clock.now() };
  const { count } = await deps.prisma.topUp.updateMany({
    where: { id: topUp.id, attempt: topUp.attempt, state: 'created' },
    data: renewed,
  });
  if (count === 0) throw unavailable('another process is charging it');
  return send(deps, { ...topUp, ...renewed });
}

async function reject(deps: ChargeTopUpDeps, topUp: TopUpRow, detail: string): Promise<string> {
  const subject = toPublicId('top', topUp.id);
  const alert = { kind: 'top_up_rejected', subject, tenantId: topUp.tenantId, detail };
  await raiseOperatorAlert(deps.prisma, alert, deps.clock.now());
  await failAutomaticTopUp(deps, topUp, { reason: detail });
  return `rejected: ${detail}`;
}

function unavailable(detail: string): TopUpUnavailableError {
  return new TopUpUnavailableError(detail);
}
