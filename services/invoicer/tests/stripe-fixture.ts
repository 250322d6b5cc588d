import { voidInvoice } from '@tollgate/shared/billing/void-invoice.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { createStripe as createSharedStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import Stripe from 'stripe';
import type { CollectSettings } from '../src/collect-invoice/collect-deps.ts';
import { collectInvoice } from '../src/collect-invoice/collect-invoice.ts';
import { createStripe } from '../src/stripe-client.ts';
import { applyStripeEvent } from '../src/stripe-events/apply-stripe-event.ts';
import { sweepInvoices } from '../src/sweep/sweep-invoices.ts';
import { startInvoicerFixture } from './invoicer-fixture.ts';

export type StripeFixture = Awaited<ReturnType<typeof startStripeFixture>>;
export type BilledTenant = Awaited<ReturnType<StripeFixture['billedTenant']>>;

type Fault = NonNullable<
  Parameters<Awaited<ReturnType<typeof startStripeSimulator>>['faults']['set']>[0]['always']
>;

/** The invoicer's use cases against Stripe's simulator, both on one clock that the test moves. */
export async function startStripeFixture() {
  const invoicer = await startInvoicerFixture();
  const { prisma, clock } = invoicer;
  const secretKey = 'sk_test_invoicer';
  const simulator = await startStripeSimulator({ secretKey, now: clock.now });
  const stripe = createStripe({ secretKey, apiBase: simulator.baseUrl });
  const deps = { ...invoicer.deps, stripe };
  let eventsTaken = 0;

  return {
    prisma,
    clock,
    simulator,
    account: invoicer.account,
    collect: (invoiceId: string) => collectInvoice(deps, invoiceId),
    invoice: (id: string) => prisma.invoice.findUniqueOrThrow({ where: { id } }),

    stripe,
    deps,
    secretKey,

    /** A tenant with three messages on a closed month: 4.50 CZK are owed. */
    async billedTenant({
      collection = 'subscription_item',
      messages = 3,
      priceMicros = 1_500_000n,
      withSubscription = true,
    }: {
      collection?: 'subscription_item' | 'stripe_invoice' | 'stripe_meter' | 'sippy';
      messages?: number;
      priceMicros?: bigint;
      withSubscription?: boolean;
    } = {}) {
      const customer = await stripe.customers.create({ name: 'Bookshop' });
      const product = await stripe.products.create({ name: 'Plan pro' });
      const price = await stripe.prices.create({
        product: product.id,
        currency: 'czk',
        unit_amount: 49_000,
        recurring: { interval: 'month' },
      });
      const subscription = withSubscription
        ? (await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })).id
        : null;
      const { id: tenantId } = await invoicer.postpaidTenant();
      await prisma.billingSettings.update({
        where: { tenantId },
        data: {
          stripeCustomerId: customer.id,
          stripeSubscriptionId: subscription,
          ...(collection === 'sippy' && { sippyAccountId: '1' }),
          collection,
        },
      });
      await prisma.billingPeriod.updateMany({ where: { tenantId, closedAt: null }, data: { collection } });
      const invoiceId = await this.bill(tenantId, { messages, priceMicros });
      eventsTaken = simulator.objects.events().length;
      return { tenantId, invoiceId, customer: customer.id, subscription: subscription ?? '' };
    },

    /** Uses messages and closes the open period; returns its invoice. */
    async bill(tenantId: string, { messages = 3, priceMicros = 1_500_000n } = {}) {
      const period = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId, closedAt: null } });
      const at = period.startsAt > clock.now() ? period.startsAt : clock.now();
      await invoicer.use(tenantId, messages, at, { priceMicros });
      await invoicer.tick({ trigger: 'manual', tenantId, asOf: period.endsAt });
      return (await prisma.invoice.findFirstOrThrow({ where: { periodId: period.id } })).id;
    },

    /** A client whose process dies at its n-th write: before the call leaves, or after Stripe has answered. */
    dyingStripe(writes: number, when: 'before' | 'after') {
      return dyingStripe({ secretKey, apiBase: simulator.baseUrl }, writes, when);
    },
    /** A client during whose n-th write something else happens: before it leaves. */
    meanwhileStripe(write: number, work: () => Promise<unknown>) {
      return meanwhileStripe({ secretKey, apiBase: simulator.baseUrl }, write, work);
    },
    /** How many writes a use case makes. */
    countingStripe: () =>
      dyingStripe({ secretKey, apiBase: simulator.baseUrl }, Number.POSITIVE_INFINITY, 'before'),
    collectBy: (collectSettings: CollectSettings, invoiceId: string) =>
      collectInvoice({ ...deps, collectSettings }, invoiceId),
    collectWith: (client: Stripe, invoiceId: string) =>
      collectInvoice({ ...deps, stripe: client }, invoiceId),
    pushes: (invoiceId: string) =>
      prisma.stripePush.findMany({ where: { invoiceId }, orderBy: [{ kind: 'asc' }, { part: 'asc' }] }),
    alerts: () => prisma.operatorAlert.findMany({ where: { closedAt: null }, orderBy: { openedAt: 'asc' } }),

    /** Voids an invoice as operators do. */
    void: (invoiceId: string) =>
      inTransaction(deps, (tx) =>
        voidInvoice(tx, { invoiceId, by: 'ops@example.com', reason: 'test' }, clock.now()),
      ),
    /** Collects what the sweep would hand to jobs now. */
    async sweep() {
      const woken: string[] = [];
      await prisma.$transaction((db) =>
        sweepInvoices({ db, enqueue: (_, payload) => woken.push(Object(payload).invoiceId) }, clock.now()),
      );
      for (const id of woken) await collectInvoice(deps, id);
      return woken;
    },

    async items(customer: string) {
      return (await stripe.invoiceItems.list({ customer, limit: 100 })).data;
    },

    /** Lets the next writes of invoice items fail; the library's own retries count as writes. */
    fail: (fault: Fault, times: number) =>
      simulator.faults.set({
        nextWrites: Array.from({ length: times }, () => ({ ...fault, path: '/v1/invoiceitems' })),
      }),
    recover: () => simulator.faults.clear(),
    /** What a process leaves behind that dies between Stripe's answer and noting it. */
    forgetConfirmation: (invoiceId: string) =>
      prisma.stripePush.updateMany({ where: { invoiceId }, data: { state: 'sent', stripeId: null } }),
    declinePayments: (declinePayments: boolean) => simulator.faults.set({ declinePayments }),
    deleteCustomer: (id: string) => stripe.customers.del(id),
    renew: (subscription: string) => simulator.renewSubscription(subscription),
    async payOpenInvoices(customer: string) {
      for (const { id } of (await stripe.invoices.list({ customer, status: 'open' })).data)
        await stripe.invoices.pay(id);
    },

    /** Events since the last call, as they would be posted. */
    takeEvents() {
      const events = simulator.objects.events().slice(eventsTaken);
      eventsTaken += events.length;
      return events;
    },

    /** Stores an event as the api does and applies it; returns what came of it. */
    async applyEvent(event: object, change: { livemode?: boolean; collectSettings?: CollectSettings } = {}) {
      const id = newId();
      const at = clock.now();
      await deps.inbox.store(prisma, [
        { id, source: 'stripe', externalId: id, body: JSON.stringify(event), receivedAt: at, wakeAt: at },
      ]);
      await applyStripeEvent({ ...deps, ...change }, id);
      return (await prisma.inboxEvent.findUniqueOrThrow({ where: { id } })).result;
    },

    async close() {
      await simulator.close();
      await invoicer.close();
    },
  };
}

function meanwhileStripe(
  address: { secretKey: string; apiBase: string },
  write: number,
  work: () => Promise<unknown>,
) {
  const inner = Stripe.createNodeHttpClient();
  let writes = 0;
  const httpClient = Object.assign(Object.create(inner) as typeof inner, {
    async makeRequest(...request: Parameters<typeof inner.makeRequest>) {
      if (request[3] !== 'GET') writes += 1;
      if (request[3] !== 'GET' && writes === write) await work();
      return inner.makeRequest(...request);
    },
  });
  return createSharedStripe({ ...address, httpClient, networkRetriesMax: 0 });
}

/** From the moment of its death nothing leaves the process any more, not even a read. */
function dyingStripe(
  address: { secretKey: string; apiBase: string },
  writesMax: number,
  when: 'before' | 'after',
) {
  const inner = Stripe.createNodeHttpClient();
  let writes = 0;
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Error('the process is dead');
  };
  const httpClient = Object.assign(Object.create(inner) as typeof inner, {
    async makeRequest(...request: Parameters<typeof inner.makeRequest>) {
      if (isDead) die();
      if (request[3] === 'GET') return inner.makeRequest(...request);
      writes += 1;
      if (writes >= writesMax && when === 'before') die();
      const response = await inner.makeRequest(...request);
      await response
        .toJSON()
        .then((body: unknown) => Object.assign(response, { toJSON: () => Promise.resolve(body) }));
      if (writes >= writesMax) die();
      return response;
    },
  });
  const stripe = createSharedStripe({ ...address, httpClient, networkRetriesMax: 0 });
  return Object.assign(stripe, { writes: () => writes });
}
