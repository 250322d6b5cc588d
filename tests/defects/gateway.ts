import { createHmac, randomUUID } from 'node:crypto';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { smsManagerCallbackUrl } from '@tollgate/shared/inbox/sms-manager-callback.ts';
import * as queues from '@tollgate/shared/queues/catalog.ts';
import type { QueueDefinition } from '@tollgate/shared/queues/define-queue.ts';
import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { type TenantOverrides, testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import Stripe from 'stripe';
import { afterEach, beforeEach, expect } from 'vitest';
import { callbackSecret, startApiFixture, stripeSecret } from '../../services/api/tests/api-fixture.ts';
import { closeDuePeriods } from '../../services/invoicer/src/close-periods/close-due-periods.ts';
import { collectInvoice } from '../../services/invoicer/src/collect-invoice/collect-invoice.ts';
import { createStripe } from '../../services/invoicer/src/stripe-client.ts';
import { applyStripeEvent } from '../../services/invoicer/src/stripe-events/apply-stripe-event.ts';
import { startSenderFixture } from '../../services/sms-sender/tests/sender-fixture.ts';

export type Gateway = Awaited<ReturnType<typeof startGateway>>;

/** A gateway of its own for every test of the file; when the test is over, its books must be in order. */
export function gatewayForEachTest(): () => Gateway {
  let gateway: Gateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(async () => {
    const discrepancies = await gateway.discrepancies();
    await gateway.close();
    expect(discrepancies).toEqual([]);
  });
  return () => gateway;
}

/**
 * The real api over HTTP, and the use cases of sender and invoicer, on one database and one queue, against the
 * simulators of provider and Stripe. Nothing moves by itself: jobs wait for `work`, reports for `deliver`.
 */
async function startGateway() {
  const sender = await startSenderFixture();
  const { prisma, clock, connection, simulator, webhooks } = sender;
  const secretKey = 'sk_test_defects';
  const stripe = await startStripeSimulator({ secretKey, now: clock.now });
  const stripeClient = createStripe({ secretKey, apiBase: stripe.baseUrl });
  const api = await startApiFixture({ payments: { stripe: stripeClient, taxMode: 'none' } }, sender);
  const { logger } = collectingLogger();
  const invoicing = {
    prisma,
    producer: createProducer({ connection, logger }),
    clock,
    logger,
    inbox: createInbox(testMasterKey),
    stripe: stripeClient,
  };
  const consumers = [
    consumer(queues.sendMessages, ({ messageIds }) => sender.send(...messageIds)),
    consumer(queues.sendCampaigns, ({ messageIds }) => sender.send(...messageIds)),
    consumer(queues.sendMessagesPriority, ({ messageIds }) => sender.send(...messageIds)),
    consumer(queues.sendCampaignsPriority, ({ messageIds }) => sender.send(...messageIds)),
    consumer(queues.applyDeliveryReports, ({ inboxIds }) => sender.applyInbox(...inboxIds)),
    consumer(queues.collectInvoice, ({ invoiceId }) => collectInvoice(invoicing, invoiceId)),
    consumer(queues.applyStripeEvent, ({ inboxId }) => applyStripeEvent(invoicing, inboxId)),
  ];

  /** Runs the jobs that wait, all at once as many workers would, until none is left: of one queue, or of all. */
  async function work(only?: { name: string }): Promise<void> {
    const working = consumers.filter(({ queue }) => only === undefined || queue === only.name);
    for (;;) {
      const taken: Promise<void>[] = [];
      for (const { queue, run } of working) {
        for (const job of await connection.queue(queue).getJobs(['waiting', 'prioritized'])) {
          await job.remove();
          taken.push(run(job.data));
        }
      }
      if (taken.length === 0) return;
      await Promise.all(taken);
    }
  }

  /** Posts a webhook to the api as the provider does: to the address with the token, signed, under a delivery's id. */
  function report(
    body: string,
    {
      attempt = null,
      deliveryId = randomUUID(),
      path = smsManagerCallbackUrl('', testMasterKey),
      signature = createHmac('sha256', callbackSecret).update(body).digest('hex'),
    }: { attempt?: string | null; deliveryId?: string; path?: string; signature?: string } = {},
  ) {
    const headers = { 'x-request-id': deliveryId, 'x-request-signature': signature };
    const query = attempt === null ? '' : `?attempt=${attempt}`;
    return api.call('POST', `${path}${query}`, { json: body, headers });
  }

  return {
    ...sender,
    ...api,
    close: async () => {
      await api.close();
      await stripe.close();
      await sender.close();
    },
    stripe,
    stripeClient,
    invoicing,
    work,
    report,

    /** What the provider reports of everything it took, in its order: posted and applied. */
    async deliver() {
      await simulator.flushReports();
      for (const { body, attempt } of webhooks.take()) await report(body, { attempt });
      await work();
    },

    /** Posts an event to the api, signed as by Stripe unless with another secret. */
    postStripe(event: object, secret = stripeSecret) {
      const payload = JSON.stringify(event);
      const timestamp = Math.floor(clock.now().getTime() / 1_000);
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
      return api.call('POST', '/v1/webhooks/stripe', {
        json: payload,
        headers: { 'stripe-signature': signature },
      });
    },

    /** A postpaid tenant whose usage goes on the next invoice of its subscription at Stripe. */
    async billedTenant(overrides: TenantOverrides = {}) {
      const subscribed = await subscribe(stripeClient);
      const billing = {
        collection: 'subscription_item' as const,
        stripeCustomerId: subscribed.customer,
        stripeSubscriptionId: subscribed.subscription,
      };
      const postpaid = {
        paymentTerms: 'postpaid' as const,
        balanceMicros: 0n,
        creditLimitMicros: 1_000_000_000n,
      };
      return { ...subscribed, ...(await api.tenantWithKey({ ...postpaid, billing, ...overrides })) };
    },

    /** Closes what is over and pushes it to Stripe, as a tick does. */
    async closeMonth() {
      await closeDuePeriods(invoicing, { trigger: 'monthly' });
      await work();
    },

    goTo: (instant: string) => clock.advance(new Date(instant).getTime() - clock.now().getTime()),
    /** The amounts of the invoice items that the customer has at Stripe, in minor units. */
    itemsOf: (customer: string) =>
      stripe.objects.invoiceItems().flatMap((item) => (item.customer === customer ? [item.amount] : [])),
    /** The ledger of a tenant without its opening credit: kind and amount. */
    async bookings(tenantId: string) {
      const entries = await sender.entries(tenantId);
      return entries.flatMap(({ kind, amountMicros }) => (kind === 'purchase' ? [] : [[kind, amountMicros]]));
    },
    /** What the books of all tenants have against themselves. */
    async discrepancies() {
      const { checks } = await reconcile(prisma, clock.now());
      return checks.flatMap(({ name, discrepancies }) =>
        discrepancies.map(({ detail }) => `${name}: ${detail}`),
      );
    },
  };
}

function consumer<Payload>(
  { name, payload }: QueueDefinition<Payload>,
  handle: (job: Payload) => Promise<void>,
) {
  return { queue: name, run: (data: unknown) => handle(payload.parse(data)) };
}

async function subscribe(stripe: Stripe) {
  const customer = await stripe.customers.create({ name: 'Bookshop' });
  const product = await stripe.products.create({ name: 'Plan pro' });
  const monthly = { currency: 'czk', unit_amount: 49_000, recurring: { interval: 'month' as const } };
  const price = await stripe.prices.create({ product: product.id, ...monthly });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  return { customer: customer.id, subscription: subscription.id };
}
