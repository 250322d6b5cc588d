import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catchUpWithStripe } from '../src/stripe-catch-up/catch-up.ts';
import { permutations } from './permutations.ts';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';
import { createTestInbox } from './stripe-inbox.ts';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await startStripeFixture();
});
afterAll(() => fixture.close());

type Event = ReturnType<StripeFixture['takeEvents']>[number];

const own = { collection: 'stripe_invoice', messages: 20, withSubscription: false } as const;

async function entriesOf(tenantId: string) {
  const rows = await fixture.prisma.ledgerEntry.findMany({
    where: { tenantId, kind: { not: 'sms_send' } },
    orderBy: { reference: 'asc' },
  });
  return rows.map(({ kind, amountMicros }) => ({ kind, amountMicros }));
}

async function intentOf(stripeInvoice: string): Promise<string> {
  const [payment] = (await fixture.stripe.invoicePayments.list({ invoice: stripeInvoice })).data;
  const intent = payment?.payment.payment_intent;
  return typeof intent === 'string' ? intent : (intent?.id ?? '');
}

const isAboutInvoice = ({ type }: Event) => type.startsWith('invoice.');

/** Collects, lets something happen at Stripe, and gives what its webhooks tell. */
async function collected(happen: (stripeInvoice: string) => Promise<unknown>) {
  const billed = await fixture.billedTenant(own);
  await fixture.collect(billed.invoiceId);
  const [invoice] = (await fixture.stripe.invoices.list({ customer: billed.customer })).data;
  await happen(invoice?.id ?? '');
  return { ...billed, stripeInvoice: invoice?.id ?? '', events: fixture.takeEvents() };
}

async function payAtSecondTry(stripeInvoice: string) {
  fixture.declinePayments(true);
  await fixture.stripe.invoices.pay(stripeInvoice).catch(() => undefined);
  fixture.declinePayments(false);
  await fixture.stripe.invoices.pay(stripeInvoice);
}

async function expectPaidOnce({ invoiceId, tenantId }: { invoiceId: string; tenantId: string }) {
  expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid', paymentCount: 1 });
  expect(await entriesOf(tenantId)).toEqual([{ kind: 'invoice_payment', amountMicros: 30_000_000n }]);
  expect(await fixture.account(tenantId)).toMatchObject({ balanceMicros: 0n });
}

describe('what is told of a payment', () => {
  const types = ['invoice.finalized', 'invoice.payment_failed', 'invoice.updated', 'invoice.paid'];

  test.each(permutations(types).map((order) => ({ order })))(
    'is the same state and the same money in the order $order, doubled',
    async ({ order }) => {
      const paid = await collected(payAtSecondTry);
      const told = order.map((type) => paid.events.find((event) => event.type === type));
      expect(told).not.toContain(undefined);
      for (const event of [...told, ...told]) await fixture.applyEvent(event as Event);
      await expectPaidOnce(paid);
    },
  );

  test('is the same in any order of everything that is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), async (keys) => {
        const paid = await collected(payAtSecondTry);
        const keyed = paid.events.map((event, index) => ({ event, key: keys[index] ?? 0 }));
        for (const { event } of keyed.toSorted((one, other) => one.key - other.key))
          await fixture.applyEvent(event);
        await expectPaidOnce(paid);
      }),
      { numRuns: 4 },
    );
  });

  test('mirrors number, addresses and amounts of Stripe’s document', async () => {
    const paid = await collected((id) => fixture.stripe.invoices.pay(id));
    for (const event of paid.events) await fixture.applyEvent(event);
    expect(await fixture.invoice(paid.invoiceId)).toMatchObject({
      stripeInvoiceId: paid.stripeInvoice,
      stripeInvoiceNumber: expect.any(String),
      stripeInvoiceUrl: expect.stringContaining('http'),
      stripeInvoicePdf: expect.stringContaining('pdf'),
      grossMinor: 3_000n,
    });
  });
});

describe('an amount that Stripe moved to the customer’s balance', () => {
  test('is settled when a later invoice collects the balance, whichever we hear of first', async () => {
    for (const isReversed of [false, true]) {
      const billed = await fixture.billedTenant({ messages: 3 });
      await fixture.collect(billed.invoiceId);
      // Nothing but our 4.50 is on this invoice.
      const small = await fixture.stripe.invoices.create({
        customer: billed.customer,
        subscription: billed.subscription,
        auto_advance: false,
      });
      await fixture.stripe.invoices.finalizeInvoice(small.id);
      await fixture.stripe.invoices.pay(small.id);
      const first = fixture.takeEvents();
      if (!isReversed) {
        for (const event of first) await fixture.applyEvent(event);
        expect(await fixture.invoice(billed.invoiceId)).toMatchObject({ state: 'issued' });
        expect(await entriesOf(billed.tenantId)).toEqual([]);
      }
      await fixture.renew(billed.subscription);
      const later = fixture.takeEvents();
      for (const event of isReversed ? [...later, ...first] : later) await fixture.applyEvent(event);
      expect(await fixture.invoice(billed.invoiceId)).toMatchObject({ state: 'paid' });
      expect(await entriesOf(billed.tenantId)).toEqual([
        { kind: 'invoice_payment', amountMicros: 4_500_000n },
      ]);
    }
  });
});

describe('money that was taken back', () => {
  const paidInvoice = () => collected((id) => fixture.stripe.invoices.pay(id));
  const paid = { kind: 'invoice_payment', amountMicros: 30_000_000n };

  test.each([
    ['before we heard of the payment', true],
    ['after it', false],
  ])('by a dispute opens our invoice %s, and winning it settles it again, once each', async (_, isFirst) => {
    const { invoiceId, tenantId, stripeInvoice, events } = await paidInvoice();
    const dispute = fixture.simulator.openDispute({ payment_intent: await intentOf(stripeInvoice) });
    const opened = fixture.takeEvents();
    const all = isFirst ? [...opened, ...events, ...opened] : [...events, ...opened, ...events, ...opened];
    for (const event of all) await fixture.applyEvent(event);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'disputed' });
    const taken = { kind: 'dispute', amountMicros: -30_000_000n };
    expect(await entriesOf(tenantId)).toEqual(expect.arrayContaining([paid, taken]));
    expect(await entriesOf(tenantId)).toHaveLength(2);

    fixture.simulator.closeDispute(dispute.id, { outcome: 'won' });
    const closed = fixture.takeEvents();
    for (const event of [...closed, ...opened, ...events, ...closed]) await fixture.applyEvent(event);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid', paymentCount: 2 });
    expect(await entriesOf(tenantId)).toHaveLength(3);
    expect(await fixture.account(tenantId)).toMatchObject({ balanceMicros: 0n });
  });

  test('by a full refund opens our invoice; a part of it is for operators', async () => {
    const { invoiceId, tenantId, stripeInvoice, events } = await paidInvoice();
    for (const event of events) await fixture.applyEvent(event);
    const payment_intent = await intentOf(stripeInvoice);
    await fixture.stripe.refunds.create({ payment_intent, amount: 1_000 });
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid' });
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({ kind: 'stripe_partial_refund', subject: payment_intent }),
    );
    await fixture.stripe.refunds.create({ payment_intent });
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'disputed' });
    expect(await fixture.account(tenantId)).toMatchObject({ balanceMicros: -30_000_000n });
    expect(await partialAlerts(payment_intent)).toEqual([]);
  });

  const partialAlerts = async (subject: string) =>
    (await fixture.alerts()).filter(
      (alert) => alert.kind.startsWith('stripe_partial_') && alert.subject === subject,
    );

  test('in parts is owed again only once all of it is gone, in any order, and once', async () => {
    const { invoiceId, tenantId, stripeInvoice, events } = await paidInvoice();
    const payment_intent = await intentOf(stripeInvoice);
    for (const amount of [1_000, 500, 1_500]) await fixture.stripe.refunds.create({ payment_intent, amount });
    const refunds = fixture.takeEvents();
    for (const event of [...refunds.toReversed(), ...events, ...refunds]) await fixture.applyEvent(event);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'disputed' });
    expect(await entriesOf(tenantId)).toEqual([
      paid,
      { kind: 'purchase_refund', amountMicros: -30_000_000n },
    ]);
  });

  test('in part, which failed after all, leaves nothing to look at', async () => {
    const { invoiceId, tenantId, stripeInvoice, events } = await paidInvoice();
    const payment_intent = await intentOf(stripeInvoice);
    const refund = await fixture.stripe.refunds.create({ payment_intent, amount: 1_000 });
    for (const event of [...events, ...fixture.takeEvents()]) await fixture.applyEvent(event);
    expect(await partialAlerts(payment_intent)).toMatchObject([
      { tenantId, detail: expect.stringContaining('1000 of 3000 czk') },
    ]);
    fixture.simulator.failRefund(refund.id);
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await partialAlerts(payment_intent)).toEqual([]);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid', paymentCount: 1 });
    expect(await entriesOf(tenantId)).toEqual([paid]);
  });

  test('by a dispute about a part is for operators, and owed is what was owed before', async () => {
    const { invoiceId, tenantId, stripeInvoice, events } = await paidInvoice();
    const dispute = fixture.simulator.openDispute({
      payment_intent: await intentOf(stripeInvoice),
      amount: 1_000,
    });
    for (const event of [...fixture.takeEvents(), ...events]) await fixture.applyEvent(event);
    expect(await partialAlerts(dispute.id)).toMatchObject([{ kind: 'stripe_partial_dispute', tenantId }]);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid' });
    fixture.simulator.closeDispute(dispute.id, { outcome: 'won' });
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await partialAlerts(dispute.id)).toEqual([]);
    expect(await entriesOf(tenantId)).toEqual([paid]);
  });
});

describe('what somebody did at Stripe', () => {
  test('deleting an item stops its push for a person, in any order of what is told', async () => {
    const billed = await fixture.billedTenant({ messages: 20 });
    await fixture.collect(billed.invoiceId);
    const [item] = await fixture.items(billed.customer);
    await fixture.stripe.invoiceItems.del(item?.id ?? '');
    const events = fixture.takeEvents().filter(({ type }) => type.startsWith('invoiceitem.'));
    for (const event of events.toReversed()) await fixture.applyEvent(event);
    expect(await fixture.pushes(billed.invoiceId)).toMatchObject([
      { state: 'needs_human', lastError: expect.stringContaining('deleted') },
    ]);
  });

  test('an item that carries a push twice raises an alert', async () => {
    const billed = await fixture.billedTenant({ messages: 20 });
    await fixture.collect(billed.invoiceId);
    const [item] = await fixture.items(billed.customer);
    await fixture.stripe.invoiceItems.create({
      customer: billed.customer,
      amount: 3_000,
      currency: 'czk',
      metadata: item?.metadata ?? {},
    });
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({ kind: 'stripe_unknown_item', tenantId: billed.tenantId }),
    );
  });

  test('voiding the invoice stops our pushes, and nothing is paid', async () => {
    const voided = await collected((id) => fixture.stripe.invoices.voidInvoice(id));
    for (const event of voided.events.toReversed()) await fixture.applyEvent(event);
    expect(await fixture.invoice(voided.invoiceId)).toMatchObject({ state: 'issued' });
    expect(await fixture.pushes(voided.invoiceId)).toContainEqual(
      expect.objectContaining({ kind: 'draft_item', state: 'needs_human' }),
    );
  });
});

describe('an event that must not be read', () => {
  test('of live mode, while our key is of test mode, changes nothing and is kept', async () => {
    const paid = await collected((id) => fixture.stripe.invoices.pay(id));
    const event = paid.events.find(({ type }) => type === 'invoice.paid') as Event;
    const result = await fixture.applyEvent({ ...event, livemode: true } as unknown as Event, {
      livemode: false,
    });
    expect(result).toMatch(/not applied/);
    expect(await fixture.invoice(paid.invoiceId)).toMatchObject({ state: 'issued' });
    expect(await fixture.prisma.inboxEvent.count({ where: { appliedAt: null, wakeAt: null } })).toBe(1);
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({ kind: 'stripe_event_not_applied' }),
    );
  });
});

describe('a webhook that never came', () => {
  test('is made up for by the list of events, once', async () => {
    const paid = await collected((id) => fixture.stripe.invoices.pay(id));
    const inbox = createTestInbox(fixture);
    expect(await catchUpWithStripe(fixture.deps)).toBeGreaterThan(paid.events.filter(isAboutInvoice).length);
    expect(await catchUpWithStripe(fixture.deps)).toBe(0);
    await inbox.applyAll();
    expect(await fixture.invoice(paid.invoiceId)).toMatchObject({ state: 'paid' });
  });
});
