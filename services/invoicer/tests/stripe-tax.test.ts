import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await startStripeFixture();
});
afterAll(() => fixture.close());

const own = { collection: 'stripe_invoice', messages: 20, withSubscription: false } as const;
const modeOf = (taxMode: 'fixed_rates' | 'stripe_tax') => ({ taxMode, smsPrices: {}, meters: {} });

const applyEvents = async () => {
  for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
};
const invoicesOf = async (customer: string) =>
  (await fixture.stripe.invoices.list({ customer, limit: 100 })).data.filter(
    ({ billing_reason }) => billing_reason === 'manual',
  );
const payments = async (tenantId: string) => {
  const where = { tenantId, kind: 'invoice_payment' };
  const rows = await fixture.prisma.ledgerEntry.findMany({ where, orderBy: { amountMicros: 'desc' } });
  return rows.map(({ amountMicros }) => amountMicros);
};

describe('our own rates', () => {
  const fixed = modeOf('fixed_rates');

  test('are on every item, on top of our total, and come to our record as Stripe adds them up', async () => {
    const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
    await fixture.collectBy(fixed, invoiceId);
    const [item] = await fixture.items(customer);
    expect(item).toMatchObject({ amount: 3_000, tax_rates: [{ percentage: 21, country: 'CZ' }] });
    expect(await invoicesOf(customer)).toMatchObject([{ total_excluding_tax: 3_000, total: 3_630 }]);
    await fixture.payOpenInvoices(customer);
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({
      state: 'paid',
      totalMinor: 3_000n,
      vatMinor: 630n,
      grossMinor: 3_630n,
      paidMinor: 3_630n,
      vatTreatment: 'stripe',
    });
    expect(await payments(tenantId)).toEqual([30_000_000n]);
    expect(await fixture.account(tenantId)).toMatchObject({ balanceMicros: 0n });
  });

  test('are made once at Stripe, and are on subscription items too', async () => {
    const { invoiceId, customer } = await fixture.billedTenant({ messages: 20 });
    await fixture.collectBy(fixed, invoiceId);
    expect(await fixture.items(customer)).toMatchObject([{ tax_rates: [{ percentage: 21 }] }]);
    const rates = (await fixture.stripe.taxRates.list({ limit: 100 })).data;
    expect(rates.map(({ metadata }) => metadata?.tollgate_rate)).toEqual(['CZ 2100']);
  });

  test.each([
    ['a company in another member state, whose VAT id was checked', 'DE', 'DE123456789'],
    ['a payer outside the EU', 'US', null],
  ])('leave out %s', async (_, country, vatId) => {
    const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
    await fixture.prisma.billingDetails.create({
      data: {
        tenantId,
        legalName: 'Shop',
        street: '1',
        city: 'X',
        postalCode: '1',
        country,
        vatId,
        vatIdValid: vatId === null ? null : true,
        changedAt: fixture.clock.now(),
        changedBy: 'test',
      },
    });
    await fixture.collectBy(fixed, invoiceId);
    expect(await fixture.items(customer)).toMatchObject([{ tax_rates: [] }]);
    expect(await invoicesOf(customer)).toMatchObject([{ total: 3_000, status: 'open' }]);
  });
});

describe('tax that Stripe computes', () => {
  const automatic = modeOf('stripe_tax');
  const inCountry = (customer: string, country: string) =>
    fixture.stripe.customers.update(customer, { address: { country } });

  test('is taken over, each invoice with that of its own lines, and never computed again', async () => {
    const first = await fixture.billedTenant({ ...own, messages: 3 });
    await inCountry(first.customer, 'SK');
    await fixture.collectBy(automatic, first.invoiceId);
    const second = await fixture.bill(first.tenantId, { messages: 10 });
    await fixture.collectBy(automatic, second);
    expect(await invoicesOf(first.customer)).toMatchObject([
      { automatic_tax: { enabled: true }, total_excluding_tax: 1_950, total: 1_950 + 104 + 345 },
    ]);
    await fixture.payOpenInvoices(first.customer);
    await applyEvents();
    // 23 % of 450 is 103.5, which Stripe rounds by the line.
    expect(await fixture.invoice(first.invoiceId)).toMatchObject({ vatMinor: 104n, grossMinor: 554n });
    expect(await fixture.invoice(second)).toMatchObject({
      vatMinor: 345n,
      grossMinor: 1_845n,
      vatTreatment: 'stripe',
    });
    expect(await payments(first.tenantId)).toEqual([15_000_000n, 4_500_000n]);
    expect(await fixture.account(first.tenantId)).toMatchObject({ balanceMicros: 0n });
  });

  test('is none for a business that pays it itself', async () => {
    const { invoiceId, customer } = await fixture.billedTenant(own);
    await fixture.stripe.customers.update(customer, { address: { country: 'SK' }, tax_exempt: 'reverse' });
    await fixture.collectBy(automatic, invoiceId);
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ vatMinor: 0n, grossMinor: 3_000n });
  });

  test('needs the customer’s country: without one nothing is finalized, and operators are told', async () => {
    const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
    await fixture.collectBy(automatic, invoiceId);
    await applyEvents();
    expect(await invoicesOf(customer)).toMatchObject([{ status: 'draft' }]);
    expect((await fixture.alerts()).filter((alert) => alert.tenantId === tenantId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'stripe_push_stopped' }),
        expect.objectContaining({ kind: 'stripe_finalization_failed' }),
      ]),
    );
    // Corrected at Stripe and finalized there, as the alert asks for.
    await inCountry(customer, 'CZ');
    const [draft] = await invoicesOf(customer);
    await fixture.stripe.invoices.finalizeInvoice(draft?.id ?? '');
    await fixture.payOpenInvoices(customer);
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid', grossMinor: 3_630n });
  });
});
