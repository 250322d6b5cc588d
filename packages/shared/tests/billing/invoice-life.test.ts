import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { approveInvoice } from '../../src/billing/approve-invoice.ts';
import { billAgain } from '../../src/billing/closing/generate-invoice.ts';
import { CreditAmountError, createCreditNote } from '../../src/billing/create-credit-note.ts';
import { InvoiceStateError } from '../../src/billing/invoice-states.ts';
import { sumUnsettled } from '../../src/billing/invoices.ts';
import { Parties } from '../../src/billing/parties.ts';
import { reopenInvoice } from '../../src/billing/reopen-invoice.ts';
import { markPaymentFailed, settleInvoice } from '../../src/billing/settle-invoice.ts';
import { voidInvoice } from '../../src/billing/void-invoice.ts';
import { type BillingFixture, startBillingFixture, startOfTests } from './billing-fixture.ts';

let billing: BillingFixture;

beforeAll(async () => {
  billing = await startBillingFixture();
});
beforeEach(() => billing.goTo(startOfTests));
afterEach(async () => {
  await billing.expectCorrectBooks();
  await billing.retire();
});
afterAll(() => billing.close());

/** A tenant with an invoice of March, for SMS and another meter. */
async function billedTenant(sms = 100_000_000n, charges = 0n, settings = {}) {
  const id = await billing.tenant(settings);
  if (sms > 0n) await billing.use(id, sms);
  if (charges > 0n) await billing.charge(id, charges);
  billing.goTo('2026-04-01T06:00:00Z');
  await billing.closeDue();
  return { id, invoice: await billing.invoice(id) };
}

const payment = (invoiceId: string) => ({
  invoiceId,
  paidAt: billing.clock.now(),
  method: 'bank_transfer' as const,
  description: 'Bank transfer',
  createdBy: 'accounts@example.com',
});
const pay = (invoiceId: string) => billing.prisma.$transaction((db) => settleInvoice(db, payment(invoiceId)));
const dispute = (invoiceId: string, reference: string) =>
  billing.prisma.$transaction((db) =>
    reopenInvoice(db, {
      invoiceId,
      kind: 'dispute',
      reference,
      at: billing.clock.now(),
      description: 'Dispute',
    }),
  );
const voidIt = (invoiceId: string) =>
  billing.transact((tx) =>
    voidInvoice(tx, { invoiceId, by: 'op@example.com', reason: 'wrong price' }, billing.clock.now()),
  );
const approve = (invoiceId: string) =>
  billing.transact((tx) => approveInvoice(tx, { invoiceId, by: 'op@example.com' }, billing.clock.now()));
const credit = (invoiceId: string, amountMicros?: bigint) =>
  billing.transact((tx) =>
    createCreditNote(
      tx,
      {
        invoiceId,
        by: 'op@example.com',
        reason: 'complaint',
        ...(amountMicros !== undefined && { amountMicros }),
      },
      billing.clock.now(),
    ),
  );
const read = (id: string) => billing.prisma.invoice.findUniqueOrThrow({ where: { id } });
const unsettled = (tenantId: string) => sumUnsettled(billing.prisma, tenantId, 'CZK');

describe('a payment', () => {
  test('gives the account exactly what the invoice settles, once, however many report it', async () => {
    const { id, invoice } = await billedTenant(1_234_567n, 5_000_000n);
    expect(invoice).toMatchObject({ totalMinor: 623n, vatMinor: 131n, grossMinor: 754n });
    const done = await Promise.all(Array.from({ length: 6 }, () => pay(invoice.id)));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await billing.balance(id)).toBe(0n);
    expect(await billing.entries(id)).toMatchObject([
      { kind: 'invoice_payment', amountMicros: 1_234_567n, reference: `invoice ${invoice.id}` },
    ]);
    expect(await read(invoice.id)).toMatchObject({
      state: 'paid',
      paymentCount: 1,
      paidMinor: 754n,
      wakeAt: null,
    });
    expect(await markPaymentFailed(billing.prisma, invoice.id)).toBe(false);
  });

  test('that is disputed makes the debt stand again, once per dispute, and a won dispute settles it', async () => {
    const { id, invoice } = await billedTenant();
    expect(await dispute(invoice.id, 'dp_0')).toBe(false);
    await pay(invoice.id);
    expect(await dispute(invoice.id, 'dp_1')).toBe(true);
    expect(await dispute(invoice.id, 'dp_1')).toBe(false);
    expect([await billing.balance(id), await unsettled(id)]).toEqual([-100_000_000n, 100_000_000n]);
    await billing.expectCorrectBooks();

    expect(await pay(invoice.id)).toBe(true);
    // A late copy of the first dispute changes nothing; another dispute does.
    expect(await dispute(invoice.id, 'dp_1')).toBe(false);
    expect(await dispute(invoice.id, 'dp_2')).toBe(true);
    await pay(invoice.id);
    expect((await billing.entries(id)).map(({ kind, amountMicros }) => [kind, amountMicros])).toEqual([
      ['invoice_payment', 100_000_000n],
      ['dispute', -100_000_000n],
      ['invoice_payment', 100_000_000n],
      ['dispute', -100_000_000n],
      ['invoice_payment', 100_000_000n],
    ]);
    expect([await billing.balance(id), await unsettled(id)]).toEqual([0n, 0n]);
  });

  test('of fees alone makes no entry, and its dispute is seen once all the same', async () => {
    const { id, invoice } = await billedTenant(0n, 5_000_000n);
    await pay(invoice.id);
    expect(await billing.entries(id)).toEqual([]);
    expect(await dispute(invoice.id, 'dp_1')).toBe(true);
    await pay(invoice.id);
    expect(await dispute(invoice.id, 'dp_1')).toBe(false);
    expect(await billing.balance(id)).toBe(0n);
  });
});

describe('a void invoice', () => {
  test('keeps its number, and its usage goes on the next one; what was paid cannot be voided', async () => {
    const { id, invoice } = await billedTenant();
    await voidIt(invoice.id);
    await voidIt(invoice.id);
    expect(await read(invoice.id)).toMatchObject({
      state: 'void',
      number: invoice.number,
      voidReason: 'wrong price',
    });
    expect(await unsettled(id)).toBe(0n);
    await billing.use(id, 1_000_000n);
    billing.goTo('2026-05-01T06:00:00Z');
    await billing.closeDue();
    const [, april] = await billing.invoices(id);
    expect(april).toMatchObject({ settlesMicros: 101_000_000n });
    expect((await billing.lines(april?.id as string)).map(({ kind }) => kind)).toEqual([
      'late_usage',
      'usage',
    ]);
    await pay(april?.id as string);
    await expect(voidIt(april?.id as string)).rejects.toThrow(InvoiceStateError);
    expect(await pay(invoice.id)).toBe(false);
  });

  test('can be billed again for its own period, once', async () => {
    const { id, invoice } = await billedTenant();
    expect(await billAgain(billing.deps, invoice.periodId as string)).toBeNull();
    await voidIt(invoice.id);
    const made = await Promise.all([1, 2].map(() => billAgain(billing.deps, invoice.periodId as string)));
    expect(made.filter((each) => each !== null)).toHaveLength(1);
    const [, again] = await billing.invoices(id);
    expect(again).toMatchObject({ periodId: invoice.periodId, settlesMicros: 100_000_000n, state: 'issued' });
  });
});

describe('an invoice that waits for approval', () => {
  test('has no number, counts as asked for, and is issued as of its approval', async () => {
    const { id, invoice } = await billedTenant(100_000_000n, 0n, { approval: 'manual', paymentDays: 10 });
    expect(invoice).toMatchObject({ state: 'awaiting_approval', number: null, parties: null, wakeAt: null });
    expect(await unsettled(id)).toBe(100_000_000n);
    expect(await pay(invoice.id)).toBe(false);
    billing.goTo('2026-04-05T06:00:00Z');
    const details = {
      tenantId: id,
      legalName: 'Kniha s.r.o.',
      street: 'Dlouhá 1',
      city: 'Praha',
      postalCode: '110 00',
      country: 'CZ',
      changedAt: billing.clock.now(),
      changedBy: 'test',
    };
    await billing.prisma.billingDetails.create({ data: details });
    expect(await Promise.all([approve(invoice.id), approve(invoice.id)])).toContain(true);
    const issued = await read(invoice.id);
    expect(issued).toMatchObject({
      state: 'issued',
      approvedBy: 'op@example.com',
      issuedAt: billing.clock.now(),
      dueOn: new Date('2026-04-15'),
      vatRateBps: 2100,
      vatMinor: 2_100n,
      grossMinor: 12_100n,
      wakeAt: expect.any(Date),
    });
    expect(issued.number).toMatch(/^INV2026\d{6}$/);
    expect(Parties.parse(issued.parties)).toMatchObject({
      payer: { legalName: 'Kniha s.r.o.', country: 'CZ' },
      taxPointOn: '2026-03-31',
      issuedOn: '2026-04-05',
    });
    // What was issued is not changed by anybody.
    await expect(
      billing.prisma.$executeRaw`UPDATE invoices SET number = 'INV2026999999' WHERE id = ${invoice.id}::uuid`,
    ).rejects.toThrow(/immutable/);
  });

  test('can be refused: it gets no number, and its usage waits for the next one', async () => {
    const { invoice } = await billedTenant(100_000_000n, 0n, { approval: 'manual' });
    await voidIt(invoice.id);
    expect(await read(invoice.id)).toMatchObject({ state: 'void', number: null });
    await expect(approve(invoice.id)).rejects.toThrow(InvoiceStateError);
  });
});

describe('a credit note', () => {
  test('of an unpaid invoice forgives the debt: what is left is paid and settled exactly', async () => {
    const { id, invoice } = await billedTenant(100_000_000n);
    await credit(invoice.id, 40_004_000n);
    expect([await billing.balance(id), await unsettled(id)]).toEqual([-59_996_000n, 59_996_000n]);
    const [, note] = await billing.invoices(id);
    expect(note).toMatchObject({
      kind: 'credit_note',
      creditsInvoiceId: invoice.id,
      totalMinor: -4_000n,
      vatMinor: -840n,
      grossMinor: -4_840n,
      number: expect.stringMatching(/^CN2026\d{6}$/),
    });
    await billing.expectCorrectBooks();
    await pay(invoice.id);
    expect([await billing.balance(id), await unsettled(id)]).toEqual([0n, 0n]);
    expect(await read(invoice.id)).toMatchObject({ paidMinor: 7_260n, creditedMinor: 4_840n });
  });

  test('of all that is left cancels the invoice to the heller and settles it', async () => {
    const { id, invoice } = await billedTenant(33_335_000n, 2_220_000n);
    await credit(invoice.id, 11_115_000n);
    await credit(invoice.id);
    const { grossMinor, creditedMinor, state } = await read(invoice.id);
    expect([creditedMinor, state]).toEqual([grossMinor, 'paid']);
    expect([await billing.balance(id), await unsettled(id)]).toEqual([0n, 0n]);
    await expect(credit(invoice.id, 1_000_000n)).rejects.toThrow(CreditAmountError);
  });

  test('of a paid invoice becomes credit, and a dispute afterwards takes back only the payment', async () => {
    const { id, invoice } = await billedTenant();
    await pay(invoice.id);
    await credit(invoice.id, 30_000_000n);
    expect(await billing.balance(id)).toBe(30_000_000n);
    await billing.expectCorrectBooks();
    await dispute(invoice.id, 'dp_1');
    expect([await billing.balance(id), await unsettled(id)]).toEqual([-70_000_000n, 70_000_000n]);
    await billing.expectCorrectBooks();
    await pay(invoice.id);
    expect(await billing.balance(id)).toBe(0n);
  });

  test('is refused for more than is left, for less than a minor unit, and for Stripe’s documents', async () => {
    const { invoice } = await billedTenant(10_000_000n);
    await expect(credit(invoice.id, 10_000_001n)).rejects.toThrow(CreditAmountError);
    await expect(credit(invoice.id, 4_999n)).rejects.toThrow(CreditAmountError);
    billing.goTo(startOfTests);
    const stripe = await billedTenant(10_000_000n, 0n, {
      collection: 'stripe_meter',
      stripeCustomerId: 'cus_1',
    });
    await expect(credit(stripe.invoice.id)).rejects.toThrow(/Stripe/);
    await expect(voidIt(invoice.id)).resolves.toEqual([]);
    await expect(credit(invoice.id)).rejects.toThrow(InvoiceStateError);
  });
});

describe('a tenant that another one pays for', () => {
  async function family() {
    const payer = await billing.tenant();
    const child = await billing.tenant({ payerTenantId: payer, collection: 'none' });
    await billing.use(payer, 10_000_000n);
    await billing.use(child, 3_333_333n);
    await billing.charge(child, 1_000_000n);
    billing.goTo('2026-04-01T06:00:00Z');
    await billing.closeDue();
    return { payer, child, invoice: await billing.invoice(payer), section: await billing.invoice(child) };
  }

  test('is on its payer’s invoice with its own lines, and each account gets its own part of the payment', async () => {
    const { payer, child, invoice, section } = await family();
    expect(section).toMatchObject({
      document: 'section',
      settlesMicros: 3_333_333n,
      payerInvoiceId: invoice.id,
    });
    expect(invoice).toMatchObject({ document: 'ours', settlesMicros: 10_000_000n, totalMinor: 1_433n });
    expect(
      (await billing.lines(invoice.id)).map(({ kind, sectionInvoiceId }) => [kind, sectionInvoiceId]),
    ).toEqual([
      ['usage', null],
      ['section', section.id],
      ['section', section.id],
    ]);
    expect(await unsettled(child)).toBe(3_333_333n);
    expect(await pay(section.id)).toBe(false);
    await pay(invoice.id);
    expect([await billing.balance(payer), await billing.balance(child)]).toEqual([0n, 0n]);
    await billing.expectCorrectBooks();
    await dispute(invoice.id, 'dp_9');
    expect([await billing.balance(payer), await billing.balance(child)]).toEqual([-10_000_000n, -3_333_333n]);
    expect(await unsettled(child)).toBe(3_333_333n);
    await billing.expectCorrectBooks();
    await pay(invoice.id);
    expect(await billing.balance(child)).toBe(0n);
  });

  test('is forgiven with its payer’s invoice', async () => {
    const { payer, child, invoice } = await family();
    await credit(invoice.id);
    expect([await billing.balance(payer), await billing.balance(child)]).toEqual([0n, 0n]);
    expect([await unsettled(payer), await unsettled(child)]).toEqual([0n, 0n]);
  });

  test('waits for the payer’s next invoice when that one is voided', async () => {
    const { payer, invoice, section } = await family();
    await expect(voidIt(section.id)).rejects.toThrow(/section/);
    await voidIt(invoice.id);
    expect(await read(section.id)).toMatchObject({ payerInvoiceId: null, state: 'issued' });
    billing.goTo('2026-05-01T06:00:00Z');
    await billing.closeDue();
    const [, april] = await billing.invoices(payer);
    expect(april).toMatchObject({ totalMinor: 1_433n });
    expect(await read(section.id)).toMatchObject({ payerInvoiceId: april?.id });
  });

  test('has a payer with an invoice even where that one used nothing itself', async () => {
    const payer = await billing.tenant();
    const child = await billing.tenant({ payerTenantId: payer });
    await billing.use(child, 5_000_000n);
    billing.goTo('2026-04-01T06:00:00Z');
    await billing.closeDue();
    expect(await billing.invoice(payer)).toMatchObject({
      usageMicros: 0n,
      settlesMicros: 0n,
      totalMinor: 500n,
    });
  });

  test('whose payer is billed in another currency pays itself, and operators are told', async () => {
    const payer = await billing.tenant({}, { currency: 'EUR' });
    const child = await billing.tenant({ payerTenantId: payer });
    await billing.use(child, 5_000_000n);
    billing.goTo('2026-04-01T06:00:00Z');
    await billing.closeDue();
    expect(await billing.invoice(child)).toMatchObject({
      document: 'ours',
      state: 'issued',
      totalMinor: 500n,
    });
    expect(await billing.prisma.operatorAlert.findMany({ where: { tenantId: child } })).toMatchObject([
      { kind: 'payer_cannot_pay', detail: expect.stringContaining('EUR') },
    ]);
  });
});
