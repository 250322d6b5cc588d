import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentReferenceError } from '../src/bank-payments/record-payment.ts';
import { createCreditNote } from '../src/billing/create-credit-note.ts';
import { InvoiceStateError } from '../src/billing/invoice-states.ts';
import { type PaymentsFixture, startPaymentsFixture } from './payments-fixture.ts';

let billing: PaymentsFixture;

beforeAll(async () => {
  billing = await startPaymentsFixture();
});
afterAll(() => billing.close());

async function invoiced(totalMinor?: bigint) {
  const tenant = await billing.tenant();
  const invoiceId = await billing.invoice({ tenantId: tenant.id, ...(totalMinor && { totalMinor }) });
  return { tenantId: tenant.id, invoiceId };
}

describe('a payment', () => {
  test('of the rest settles the invoice, gives the account what it settles and says thank you', async () => {
    const { tenantId, invoiceId } = await invoiced();
    expect(await billing.pay({ invoiceId })).toMatchObject({
      amountMinor: 121_000n,
      isNew: true,
      effect: 'settled',
    });
    expect(await billing.row(invoiceId)).toMatchObject({
      state: 'paid',
      paidMinor: 121_000n,
      paidAt: billing.clock.now(),
    });
    // The account gets the net price of its SMS, never the tax.
    expect(await billing.balance(tenantId)).toBe(1_000_000_000n);
    const mails = await billing.mails(tenantId);
    expect(mails.map(({ kind }) => kind)).toEqual(['invoice_issued', 'payment_received']);
    expect(mails[1]?.content).toMatchObject({ amount: '1210.00', reference: 'BANK-1', locale: 'cs' });
  });

  test('with a reference that was recorded before changes nothing, even told twice at once', async () => {
    const { tenantId, invoiceId } = await invoiced();
    const payment = { invoiceId, amountMinor: 50_000n };
    const told = await Promise.allSettled([billing.pay(payment), billing.pay(payment)]);
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await billing.pay(payment)).toMatchObject({ isNew: false, effect: 'none' });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'issued', paidMinor: 50_000n });
    expect(await billing.prisma.invoicePayment.count({ where: { tenantId } })).toBe(1);
  });

  test.each([
    ['amount', { amountMinor: 1n }],
    ['day', { amountMinor: 50_000n, receivedOn: '2026-03-13' }],
    ['method', { amountMinor: 50_000n, method: 'cash' as const }],
  ])('with another’s reference and another %s is refused', async (_what, change) => {
    const { invoiceId } = await invoiced();
    await billing.pay({ invoiceId, amountMinor: 50_000n });
    await expect(billing.pay({ invoiceId, ...change })).rejects.toThrow(PaymentReferenceError);
    expect(await billing.row(invoiceId)).toMatchObject({ paidMinor: 50_000n });
  });

  test('in parts settles with the last of them, and says after each what is left', async () => {
    const { tenantId, invoiceId } = await invoiced();
    await billing.pay({ invoiceId, amountMinor: 100_000n, reference: 'BANK-1' });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'issued', paidMinor: 100_000n });
    expect(await billing.balance(tenantId)).toBe(0n);
    expect((await billing.mails(tenantId)).at(-1)?.content).toMatchObject({
      invoice: { outstanding: '210.00' },
    });
    await billing.pay({ invoiceId, reference: 'BANK-2' });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'paid', paidMinor: 121_000n });
    expect(await billing.balance(tenantId)).toBe(1_000_000_000n);
  });

  test('of too much settles, is kept on the invoice and shown to operators until it is returned', async () => {
    const { invoiceId, tenantId } = await invoiced();
    await billing.pay({ invoiceId, amountMinor: 150_000n, reference: 'BANK-1' });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'paid', paidMinor: 150_000n });
    expect(await billing.balance(tenantId)).toBe(1_000_000_000n);
    expect(await billing.alerts('overpaid')).toMatchObject([
      { tenantId, detail: expect.stringContaining('290.00 CZK') },
    ]);
    await billing.pay({ invoiceId, amountMinor: -29_000n, reference: 'BANK-2' });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'paid', paidMinor: 121_000n });
    expect(await billing.alerts('overpaid')).toEqual([]);
  });

  test('that is taken back opens the invoice again, and another one settles it again', async () => {
    const { invoiceId, tenantId } = await invoiced();
    await billing.pay({ invoiceId, reference: 'BANK-1' });
    expect(await billing.pay({ invoiceId, amountMinor: -121_000n, reference: 'BANK-1-BACK' })).toMatchObject({
      effect: 'reopened',
    });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'issued', paidMinor: 0n, paidAt: null });
    expect(await billing.balance(tenantId)).toBe(0n);
    await billing.pay({ invoiceId, reference: 'BANK-2' });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'paid', paidMinor: 121_000n });
    expect(await billing.balance(tenantId)).toBe(1_000_000_000n);
  });

  test('of what a credit note left settles the invoice', async () => {
    const { invoiceId, tenantId } = await invoiced();
    await billing.work((tx) =>
      createCreditNote(
        tx,
        { invoiceId, amountMicros: 400_000_000n, reason: 'goodwill', by: 'olga@example.com' },
        billing.clock.now(),
      ),
    );
    expect(await billing.pay({ invoiceId })).toMatchObject({ amountMinor: 72_600n, effect: 'settled' });
    expect(await billing.row(invoiceId)).toMatchObject({ state: 'paid', paidMinor: 72_600n });
    expect(await billing.balance(tenantId)).toBe(1_000_000_000n);
  });

  test('for what asks for none is refused', async () => {
    const tenant = await billing.tenant();
    const statement = await billing.invoice({ tenantId: tenant.id, document: 'statement', totalMinor: 0n });
    const stripe = await billing.invoice({
      tenantId: tenant.id,
      document: 'stripe',
      collection: 'stripe_invoice',
    });
    const { invoiceId: paid } = await invoiced();
    await billing.pay({ invoiceId: paid });
    for (const invoiceId of [statement, stripe]) {
      await expect(billing.pay({ invoiceId, amountMinor: 100n })).rejects.toThrow(InvoiceStateError);
    }
    await expect(billing.pay({ invoiceId: paid, reference: 'BANK-2' })).rejects.toThrow('nothing of invoice');
  });
});
