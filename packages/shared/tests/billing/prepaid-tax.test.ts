import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordPayment } from '../../src/bank-payments/record-payment.ts';
import { createCreditNote } from '../../src/billing/create-credit-note.ts';
import { reopenInvoice } from '../../src/billing/reopen-invoice.ts';
import { settleInvoice } from '../../src/billing/settle-invoice.ts';
import { voidInvoice } from '../../src/billing/void-invoice.ts';
import {
  type ManualPurchase,
  PurchaseFractionError,
  PurchaseReferenceError,
  recordTaxedPurchase,
} from '../../src/credit/record-taxed-purchase.ts';
import { unpaidColumns, unpaidJoins } from '../../src/guards/unpaid.ts';
import type { TenantOverrides } from '../../src/testing/build-tenant.ts';
import { type BillingFixture, startBillingFixture, startOfTests } from './billing-fixture.ts';

const CROWN = 1_000_000n;

let billing: BillingFixture;

beforeAll(async () => {
  billing = await startBillingFixture();
});
beforeEach(() => setTax('at_use'));
afterEach(async () => {
  await billing.expectCorrectBooks();
  await billing.retire();
  billing.goTo(startOfTests);
});
afterAll(() => billing.close());

async function setTax(prepaidTax: 'at_top_up' | 'at_use', issuer: object = {}): Promise<void> {
  const by = { changedAt: billing.clock.now(), changedBy: 'test' };
  await billing.prisma.billingDefaults.upsert({
    where: { id: 1 },
    create: { prepaidTax, issuer, ...by },
    update: { prepaidTax, issuer, ...by },
  });
}

const prepaid = (
  settings: Parameters<BillingFixture['tenant']>[0] = { collection: 'none' },
  overrides: TenantOverrides = {},
) => billing.tenant(settings, { paymentTerms: 'prepaid', creditLimitMicros: 0n, ...overrides });

async function locate(tenantId: string, given: { country: string; vatId?: string }): Promise<void> {
  const by = { changedAt: billing.clock.now(), changedBy: 'test' };
  await billing.prisma.billingDetails.create({
    data: {
      tenantId,
      legalName: 'Bookshop',
      street: 'Main 1',
      city: 'Town',
      postalCode: '1',
      ...given,
      ...(given.vatId && { vatIdValid: true }),
      ...by,
    },
  });
}

function buy(tenantId: string, amountMicros: bigint, given: Partial<ManualPurchase> = {}) {
  const purchase: ManualPurchase = {
    tenantId,
    currency: 'CZK',
    amountMicros,
    paymentMethod: 'bank_transfer',
    reference: `VS ${amountMicros}`,
    description: 'Bank transfer',
    createdBy: 'op@example.com',
    ...given,
  };
  return billing.transact((tx) => recordTaxedPurchase(tx, purchase, billing.clock.now()));
}

const closeMonth = async (tenantId: string, month: number) => {
  billing.goTo(`2026-0${month + 1}-01T06:00:00Z`);
  await billing.closeDue(tenantId);
  return (await billing.invoices(tenantId)).findLast(({ kind }) => kind === 'usage');
};

describe('with VAT at use, the statement of a prepaid tenant', () => {
  test('is the tax document of the VAT that its SMS contained, and asks for nothing', async () => {
    const id = await prepaid();
    await buy(id, 200n * CROWN);
    await billing.use(id, 121n * CROWN);
    const statement = await closeMonth(id, 3);
    expect(statement).toMatchObject({
      kind: 'usage',
      document: 'statement',
      state: 'issued',
      number: expect.stringMatching(/^ST2026/),
      usageMicros: 121n * CROWN,
      taxedUseMicros: 121n * CROWN,
      taxedUseVatMinor: 2_100n,
      vatTreatment: 'standard',
      vatRateBps: 2_100,
      totalMinor: 0n,
      vatMinor: 0n,
      grossMinor: 0n,
      settlesMicros: 0n,
      dueOn: null,
      wakeAt: null,
      parties: { taxPointOn: '2026-03-31' },
    });
    expect(await billing.balance(id)).toBe(79n * CROWN);
    expect((await billing.entries(id)).map(({ kind }) => kind)).toEqual(['purchase']);
  });

  test('rounds the tax once, from the price down', async () => {
    const id = await prepaid();
    await buy(id, 100n * CROWN);
    for (const micros of [1_504_000n, 1_504_000n, 1_999_000n]) await billing.use(id, micros);
    // 5.007 is 5.01, of which 4.14 is the base.
    expect(await closeMonth(id, 3)).toMatchObject({ taxedUseMicros: 5_007_000n, taxedUseVatMinor: 87n });
  });

  test('stays as it was issued: the database refuses another amount', async () => {
    const id = await prepaid();
    await buy(id, 100n * CROWN);
    await billing.use(id, 10n * CROWN);
    const statement = await closeMonth(id, 3);
    await expect(
      billing.prisma
        .$executeRaw`UPDATE invoices SET taxed_use_vat_minor = 1 WHERE id = ${statement?.id}::uuid`,
    ).rejects.toThrow('is immutable');
  });

  test('that is void gives its usage to the next one, with its tax', async () => {
    const id = await prepaid();
    await buy(id, 100n * CROWN);
    await billing.use(id, 12n * CROWN);
    const first = await closeMonth(id, 3);
    await billing.transact((tx) =>
      voidInvoice(tx, { invoiceId: String(first?.id), by: 'op', reason: 'no' }, billing.clock.now()),
    );
    expect(await closeMonth(id, 4)).toMatchObject({ taxedUseMicros: 12n * CROWN, taxedUseVatMinor: 208n });
  });

  test.each([
    ['of a business in another member state', 'SK', 'SK1234567890', {}],
    ['of somebody outside the scope', 'US', undefined, {}],
    ['of an issuer without VAT', 'CZ', undefined, { isVatPayer: false }],
  ])('%s is what it was: no tax document', async (_, country, vatId, issuer) => {
    await setTax('at_use', issuer);
    const id = await prepaid();
    await locate(id, { country, ...(vatId && { vatId }) });
    await buy(id, 100n * CROWN);
    await billing.use(id, 12n * CROWN);
    expect(await closeMonth(id, 3)).toMatchObject({
      document: 'statement',
      vatTreatment: 'none',
      vatRateBps: 0,
      taxedUseMicros: 0n,
      taxedUseVatMinor: 0n,
    });
  });

  test('with fees is their invoice, which adds VAT to them and names the VAT in the SMS', async () => {
    const id = await prepaid({ collection: 'bank_transfer' });
    await buy(id, 100n * CROWN);
    await billing.use(id, 12_100_000n);
    await billing.charge(id, 50n * CROWN);
    expect(await closeMonth(id, 3)).toMatchObject({
      document: 'ours',
      state: 'issued',
      chargesMicros: 50n * CROWN,
      totalMinor: 5_000n,
      vatMinor: 1_050n,
      grossMinor: 6_050n,
      taxedUseMicros: 12_100_000n,
      taxedUseVatMinor: 210n,
    });
  });

  test('whose fees are on a document of Stripe asks an operator for its tax document', async () => {
    const id = await prepaid({ collection: 'stripe_invoice', stripeCustomerId: 'cus_1' });
    await buy(id, 100n * CROWN);
    await billing.use(id, 12_100_000n);
    await billing.charge(id, 50n * CROWN);
    billing.goTo('2026-04-01T06:00:00Z');
    await billing.closeDue(id);
    expect(await billing.invoice(id)).toMatchObject({ document: 'stripe', number: null, taxedUseMicros: 0n });
    expect(
      await billing.prisma.operatorAlert.findMany({ where: { tenantId: id }, select: { kind: true } }),
    ).toEqual([{ kind: 'used_credit_without_document' }]);
    // Nobody here pushes to Stripe.
    await billing.prisma.invoice.updateMany({
      where: { tenantId: id },
      data: { state: 'void', voidedAt: billing.clock.now() },
    });
    await billing.prisma.usageRollup.updateMany({
      where: { tenantId: id },
      data: { invoiceId: null, isReleased: true },
    });
  });

  test('of a postpaid tenant’s own credit has none: it owes for what it used', async () => {
    const id = await billing.tenant();
    await buy(id, 100n * CROWN);
    await billing.use(id, 12n * CROWN);
    expect(await closeMonth(id, 3)).toMatchObject({ document: 'statement', taxedUseMicros: 0n });
  });
});

test('with VAT at top-up a statement is no tax document, whatever credit was used', async () => {
  await setTax('at_top_up');
  // Credit that no document stands for, as a bonus is.
  const id = await prepaid({ collection: 'none' }, { balanceMicros: 100n * CROWN });
  await billing.use(id, 12n * CROWN);
  expect(await closeMonth(id, 3)).toMatchObject({ vatTreatment: 'none', taxedUseMicros: 0n });
});

describe('a purchase booked by hand', () => {
  beforeEach(() => setTax('at_top_up'));
  const documents = async (tenantId: string) =>
    (await billing.invoices(tenantId)).filter(({ kind }) => kind !== 'usage');

  test('has one tax document with VAT on top of the credit, and its statement none', async () => {
    const id = await prepaid();
    const done = await Promise.all(Array.from({ length: 5 }, () => buy(id, 500n * CROWN)));
    expect(done.filter(({ kind }) => kind === 'booked')).toHaveLength(1);
    expect(await documents(id)).toMatchObject([
      {
        kind: 'top_up',
        state: 'paid',
        topUpId: null,
        totalMinor: 50_000n,
        vatMinor: 10_500n,
        paidMinor: 60_500n,
        number: expect.stringMatching(/^TD2026/),
      },
    ]);
    expect(await billing.balance(id)).toBe(500n * CROWN);
    await billing.use(id, 12n * CROWN);
    expect(await closeMonth(id, 3)).toMatchObject({
      vatTreatment: 'none',
      taxedUseMicros: 0n,
      usageMicros: 12n * CROWN,
    });
  });

  test('is in whole minor units, and under a reference that no invoice was paid by', async () => {
    const id = await prepaid({ collection: 'bank_transfer' });
    await expect(buy(id, 1_005_000n)).rejects.toThrow(PurchaseFractionError);
    await billing.charge(id, 50n * CROWN);
    const invoice = await closeMonth(id, 3);
    const payment = {
      invoiceId: String(invoice?.id),
      amountMinor: 'rest',
      method: 'cash',
      by: 'op',
    } as const;
    await billing.transact((tx) =>
      recordPayment(tx, { ...payment, reference: 'used', receivedOn: '2026-04-01' }, billing.clock.now()),
    );
    await expect(buy(id, 20n * CROWN, { reference: 'used' })).rejects.toThrow(PurchaseReferenceError);
    expect([await billing.balance(id), await documents(id)]).toEqual([0n, []]);
  });

  test('that is credited takes the credit, because the money goes back', async () => {
    const id = await prepaid();
    await buy(id, 500n * CROWN);
    const [document] = await documents(id);
    const credit = (amountMicros?: bigint) =>
      billing.transact((tx) =>
        createCreditNote(
          tx,
          {
            invoiceId: String(document?.id),
            by: 'op@example.com',
            reason: 'returned',
            ...(amountMicros !== undefined && { amountMicros }),
          },
          billing.clock.now(),
        ),
      );
    await credit(100n * CROWN);
    await credit();
    await expect(credit()).rejects.toThrow();
    expect((await documents(id)).map(({ grossMinor, creditedMinor }) => [grossMinor, creditedMinor])).toEqual(
      [
        [60_500n, 60_500n],
        [-12_100n, 0n],
        [-48_400n, 0n],
      ],
    );
    expect((await billing.entries(id)).map(({ kind, amountMicros }) => [kind, amountMicros])).toEqual([
      ['purchase', 500n * CROWN],
      ['purchase_refund', -100n * CROWN],
      ['purchase_refund', -400n * CROWN],
    ]);
  });

  test('is nobody’s debt: its document is not unpaid, settled, reopened or void', async () => {
    const id = await prepaid();
    await billing.settings(id, { unpaidPolicy: 'block', unpaidMicros: 1n });
    await buy(id, 500n * CROWN);
    const [document] = await documents(id);
    const invoiceId = String(document?.id);
    const at = billing.clock.now();
    const by = { description: 'x', createdBy: 'op' };
    expect(await settleInvoice(billing.prisma, { invoiceId, paidAt: at, method: 'other', ...by })).toBe(
      false,
    );
    expect(
      await reopenInvoice(billing.prisma, {
        invoiceId,
        kind: 'dispute',
        reference: 'dp',
        at,
        description: 'x',
      }),
    ).toBe(false);
    await expect(
      billing.transact((tx) => voidInvoice(tx, { invoiceId, by: 'op', reason: 'x' }, at)),
    ).rejects.toThrow('top up');
    const unpaid = await billing.prisma.$queryRaw<{ unpaidMinor: bigint | null }[]>`
      SELECT ${unpaidColumns} FROM tenants t ${unpaidJoins} WHERE t.id = ${id}::uuid`;
    expect(unpaid).toMatchObject([{ unpaidMinor: null }]);
    expect(await billing.balance(id)).toBe(500n * CROWN);
  });
});

describe('when the setting changes', () => {
  test('from top-up to use, credit that was taxed is used first and not taxed again', async () => {
    await setTax('at_top_up');
    const id = await prepaid();
    await buy(id, 100n * CROWN);
    await billing.use(id, 30n * CROWN);
    expect(await closeMonth(id, 3)).toMatchObject({ taxedUseMicros: 0n });
    await setTax('at_use');
    await buy(id, 200n * CROWN);
    await billing.use(id, 50n * CROWN);
    expect(await closeMonth(id, 4)).toMatchObject({ taxedUseMicros: 0n, vatTreatment: 'none' });
    await billing.use(id, 60n * CROWN);
    // 20 of the taxed hundred were left.
    expect(await closeMonth(id, 5)).toMatchObject({ taxedUseMicros: 40n * CROWN, taxedUseVatMinor: 694n });
    await billing.use(id, 10n * CROWN);
    expect(await closeMonth(id, 6)).toMatchObject({ taxedUseMicros: 10n * CROWN });
  });
});
