import { newId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { openCheckout } from '@tollgate/shared/stripe/open-checkout.ts';
import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { insertTopUp } from '@tollgate/shared/stripe/top-ups.ts';
import { buildTenant, type TenantOverrides } from '@tollgate/shared/testing/build-tenant.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import { applyCustomer } from '../src/subscriptions/apply-customer.ts';
import { applyPaymentMethods } from '../src/subscriptions/apply-payment-methods.ts';
import { applySubscription } from '../src/subscriptions/apply-subscription.ts';
import { advanceTopUp } from '../src/top-ups/advance-top-up.ts';
import { applyFraudWarning } from '../src/top-ups/apply-fraud-warning.ts';
import { applyTopUpDispute } from '../src/top-ups/apply-top-up-dispute.ts';
import { applyTopUpIntent } from '../src/top-ups/apply-top-up-intent.ts';
import { applyTopUpRefund } from '../src/top-ups/apply-top-up-refund.ts';
import { applyTopUpSession } from '../src/top-ups/apply-top-up-session.ts';
import { openAutomaticTopUps } from '../src/top-ups/open-automatic-top-ups.ts';
import { sweepTopUps } from '../src/top-ups/sweep-top-ups.ts';
import { startInvoicerFixture } from './invoicer-fixture.ts';

export type TopUpsFixture = Awaited<ReturnType<typeof startTopUpsFixture>>;

/** Top-ups and subscriptions against Stripe's simulator, both on one clock that the test moves. */
export async function startTopUpsFixture() {
  const invoicer = await startInvoicerFixture();
  const { prisma, clock } = invoicer;
  const secretKey = 'sk_test_invoicer';
  const simulator = await startStripeSimulator({ secretKey, now: clock.now });
  const stripe = createStripe({ secretKey, apiBase: simulator.baseUrl, networkRetriesMax: 0 });
  const deps = { ...invoicer.deps, stripe, taxMode: 'none' as 'none' | 'stripe_tax' };
  let eventsTaken = 0;

  /** What the dispatcher of events does, by the kind of the object that they are about. */
  async function apply(event: { type: string; data: { object: Record<string, unknown> } }): Promise<string> {
    const id = String(event.data.object.id);
    if (event.type.startsWith('checkout.session.')) return applyTopUpSession(deps, id);
    if (event.type.startsWith('payment_intent.')) return applyTopUpIntent(deps, id);
    if (event.type.startsWith('refund.')) return applyTopUpRefund(deps, id);
    if (event.type.startsWith('charge.dispute.')) return applyTopUpDispute(deps, id);
    if (event.type.startsWith('customer.subscription.')) return applySubscription(deps, id);
    if (event.type.startsWith('customer.')) return applyCustomer(deps, id);
    if (event.type.startsWith('payment_method.')) return applyPaymentMethods(deps, id);
    if (event.type.startsWith('radar.')) return applyFraudWarning(deps, id);
    return 'ignored';
  }

  /** Events since the last call, as they would be posted. */
  function takeEvents() {
    const events = simulator.objects.events().slice(eventsTaken);
    eventsTaken += events.length;
    return events;
  }

  return {
    prisma,
    clock,
    simulator,
    stripe,
    deps,
    apply,
    connection: invoicer.connection,
    account: invoicer.account,
    advance: (topUpId: string) => advanceTopUp(deps, topUpId),
    topUp: (id: string) => prisma.topUp.findUniqueOrThrow({ where: { id } }),
    automatic: (tenantId: string) =>
      prisma.topUp.findMany({ where: { tenantId, kind: 'automatic' }, orderBy: { createdAt: 'asc' } }),

    /** A tenant without credit, who is told by mail. */
    async tenant(overrides: TenantOverrides = {}) {
      const tenant = await buildTenant(prisma, { balanceMicros: 0n, createdAt: clock.now(), ...overrides });
      await prisma.billingSettings.update({
        where: { tenantId: tenant.id },
        data: { email: 'billing@example.com' },
      });
      return tenant.id;
    },

    /** A top-up of 500 CZK as the api stores it, before Stripe is asked for anything. */
    async requested(tenantId: string, { netMinor = 50_000n, saveCard = false } = {}) {
      const id = newId();
      const params = {
        successUrl: 'https://shop.example/paid',
        cancelUrl: 'https://shop.example/',
        saveCard,
      };
      await insertTopUp(
        prisma,
        { id, tenantId, currency: 'CZK', kind: 'checkout', netMinor, params, createdBy: 'test' },
        clock.now(),
      );
      return id;
    },

    /** A top-up whose page is open; its id and that of the page. */
    async opened(tenantId: string, options: { netMinor?: bigint; saveCard?: boolean } = {}) {
      const id = await this.requested(tenantId, options);
      const { sessionId } = await openCheckout(deps, id);
      if (sessionId === null) throw new Error('the page was not opened');
      return { id, sessionId };
    },

    /** A top-up that was paid and credited; with the payment behind it. */
    async credited(tenantId: string, options: { netMinor?: bigint; saveCard?: boolean } = {}) {
      const { id, sessionId } = await this.opened(tenantId, options);
      simulator.payCheckout(sessionId);
      await applyTopUpSession(deps, sessionId);
      const { paymentIntentId } = await prisma.topUp.findUniqueOrThrow({ where: { id } });
      if (paymentIntentId === null) throw new Error('the top-up was not credited');
      return { id, sessionId, paymentIntentId };
    },

    /** A tenant with a saved card whose credit is topped up by 500 CZK below 100 CZK. */
    async automaticTenant(card = 'pm_card_visa') {
      const tenantId = await this.tenant();
      await prisma.billingSettings.update({
        where: { tenantId },
        data: { topUpEnabled: true, topUpBelowMicros: 100_000_000n, topUpAmountMicros: 500_000_000n },
      });
      const customer = await stripe.customers.create({ name: 'Bookshop' });
      await prisma.stripeCustomer.create({
        data: { tenantId, currency: 'CZK', customerId: customer.id, createdAt: clock.now() },
      });
      const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
      return { tenantId, customerId: customer.id, methodId: method.id };
    },

    openAutomatic: () => inTransaction(deps, (tx) => openAutomaticTopUps(tx, clock.now())),
    /** Wakes what is due and does it, as sweep and consumer do together. */
    async sweep() {
      const woken = await prisma.topUp.findMany({ where: { wakeAt: { lte: clock.now() } } });
      await inTransaction(deps, (tx) => sweepTopUps(tx, clock.now()));
      for (const { id } of woken) await advanceTopUp(deps, id);
      return woken.length;
    },

    takeEvents,
    async applyAll(events = takeEvents()) {
      for (const event of events) await apply(event);
    },

    entries: (tenantId: string) =>
      prisma.ledgerEntry.findMany({
        where: { tenantId },
        orderBy: { sequence: 'asc' },
        select: { kind: true, amountMicros: true, reference: true },
      }),
    balance: async (tenantId: string) => (await invoicer.account(tenantId)).balanceMicros,
    mails: (tenantId: string) =>
      prisma.notification.findMany({ where: { tenantId }, orderBy: { createdAt: 'asc' } }),
    alerts: () => prisma.operatorAlert.findMany({ orderBy: { openedAt: 'asc' } }),

    async close() {
      await simulator.close();
      await invoicer.close();
    },
  };
}
