import { afterAll, beforeAll, expect, test } from 'vitest';
import { permutations } from './permutations.ts';
import { type BilledTenant, type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await startStripeFixture();
});
afterAll(() => fixture.close());

const types = [
  'invoice.finalized',
  'invoice.payment_failed',
  'invoice.paid',
  'charge.dispute.created',
  'charge.dispute.funds_withdrawn',
];
const orders = permutations(types);
const ATONCE_MAX = 6;

// Twelve hundred events, on a machine that may run other tests beside it.
const LIMIT_MS = 180_000;

/** An invoice of the tenant that was paid at the second try and then disputed. */
async function dispute({ tenantId, customer }: BilledTenant, firstId: string | null) {
  const usage = { messages: 1, priceMicros: 30_000_000n };
  const invoiceId = firstId ?? (await fixture.bill(tenantId, usage));
  await fixture.collectWith(fixture.countingStripe(), invoiceId);
  const [invoice] = (await fixture.stripe.invoices.list({ customer, limit: 1 })).data;
  const stripeInvoice = invoice?.id ?? '';
  fixture.declinePayments(true);
  fixture.simulator.payInvoice(stripeInvoice);
  fixture.declinePayments(false);
  fixture.simulator.payInvoice(stripeInvoice);
  const [payment] = (await fixture.stripe.invoicePayments.list({ invoice: stripeInvoice })).data;
  const { id } = fixture.simulator.openDispute({ payment_intent: String(payment?.payment.payment_intent) });
  return { invoiceId, about: [stripeInvoice, id] };
}

test(
  'five events of a payment and its dispute are the same state and the same money in each of their 120 orders, doubled',
  async () => {
    const billed = await fixture.billedTenant({
      collection: 'stripe_invoice',
      withSubscription: false,
      messages: 1,
      priceMicros: 30_000_000n,
    });
    const disputed: Awaited<ReturnType<typeof dispute>>[] = [];
    for (const [index] of orders.entries())
      disputed.push(await dispute(billed, index === 0 ? billed.invoiceId : null));
    const byObject = Map.groupBy(fixture.takeEvents(), ({ data }) => String(data.object.id));

    const applyOne = async (index: number) => {
      const about = (disputed[index]?.about ?? []).flatMap((id) => byObject.get(id) ?? []);
      const told = (orders[index] ?? []).map((type) => about.find((event) => event.type === type));
      for (const event of [...told, ...told]) await fixture.applyEvent(event as object);
    };
    for (let from = 0; from < orders.length; from += ATONCE_MAX)
      await Promise.all(Array.from({ length: ATONCE_MAX }, (_, offset) => applyOne(from + offset)));

    for (const { invoiceId } of disputed) {
      expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'disputed', paymentCount: 1 });
      const entries = await fixture.prisma.ledgerEntry.findMany({
        where: { tenantId: billed.tenantId, reference: { startsWith: `invoice ${invoiceId}` } },
        orderBy: { sequence: 'asc' },
      });
      expect(entries.map(({ kind, amountMicros }) => [kind, amountMicros])).toEqual([
        ['invoice_payment', 30_000_000n],
        ['dispute', -30_000_000n],
      ]);
    }
    expect(orders).toHaveLength(120);
    expect(await fixture.account(billed.tenantId)).toMatchObject({ balanceMicros: -30_000_000n * 120n });
  },
  LIMIT_MS,
);
