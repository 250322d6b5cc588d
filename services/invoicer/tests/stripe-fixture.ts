import { newId } from '@tollgate/shared/ids/ids.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import { collectInvoice } from '../src/collect-invoice/collect-invoice.ts';
import { createStripe } from '../src/stripe-client.ts';
import { applyStripeEvent } from '../src/stripe-events/apply-stripe-event.ts';
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

    /** A tenant with three messages on a closed month: 4.50 CZK are owed. */
    async billedTenant() {
      const customer = await stripe.customers.create({ name: 'Bookshop' });
      const product = await stripe.products.create({ name: 'Plan pro' });
      const price = await stripe.prices.create({
        product: product.id,
        currency: 'czk',
        unit_amount: 49_000,
        recurring: { interval: 'month' },
      });
      const subscription = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: price.id }],
      });
      const { id: tenantId } = await invoicer.postpaidTenant();
      await prisma.billingSettings.update({
        where: { tenantId },
        data: { stripeCustomerId: customer.id, stripeSubscriptionId: subscription.id },
      });
      await invoicer.use(tenantId, 3, clock.now());
      await invoicer.tick({ trigger: 'manual', asOf: new Date('2026-04-01T00:00:00Z') });
      const invoice = await prisma.invoice.findFirstOrThrow({ where: { tenantId } });
      eventsTaken = simulator.objects.events().length;
      return { tenantId, invoiceId: invoice.id, customer: customer.id, subscription: subscription.id };
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
    async applyEvent(event: { id: string }) {
      const id = newId();
      const at = clock.now();
      await deps.inbox.store(prisma, [
        { id, source: 'stripe', externalId: id, body: JSON.stringify(event), receivedAt: at, wakeAt: at },
      ]);
      await applyStripeEvent(deps, id);
      return (await prisma.inboxEvent.findUniqueOrThrow({ where: { id } })).result;
    },

    async close() {
      await simulator.close();
      await invoicer.close();
    },
  };
}
