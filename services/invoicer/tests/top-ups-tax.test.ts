import { createCreditNote } from '@tollgate/shared/billing/create-credit-note.ts';
import { voidInvoice } from '@tollgate/shared/billing/void-invoice.ts';
import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { buildParties } from '@tollgate/shared/testing/build-invoice.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyTopUpSession } from '../src/top-ups/apply-top-up-session.ts';
import { startTopUpsFixture, type TopUpsFixture } from './top-ups-fixture.ts';

let fixture: TopUpsFixture;
let tenantId: string;

beforeEach(async () => {
  fixture = await startTopUpsFixture();
  tenantId = await fixture.tenant();
  await buildParties(fixture.prisma, { tenantId }, fixture.clock.now());
  await taxAt('at_top_up');
});
afterEach(async () => {
  await expectCorrectBooks();
  await fixture.close();
});

const taxAt = (prepaidTax: 'at_top_up' | 'at_use') =>
  fixture.prisma.billingDefaults.update({ where: { id: 1 }, data: { prepaidTax } });
const details = (data: object) => fixture.prisma.billingDetails.update({ where: { tenantId }, data });
const documents = () =>
  fixture.prisma.invoice.findMany({
    where: { tenantId },
    orderBy: { id: 'asc' },
    include: { lines: true, payments: { orderBy: { id: 'asc' } } },
  });
const document = async () => {
  const [first, ...others] = await documents();
  if (!first || others.length > 0) throw new Error(`${others.length + 1} documents instead of one`);
  return first;
};
const alerts = async () => (await fixture.alerts()).map(({ kind }) => kind);

async function expectCorrectBooks() {
  const { checks } = await reconcile(fixture.prisma, fixture.clock.now());
  const found = checks.flatMap(({ name, discrepancies }) => discrepancies.map((each) => ({ name, ...each })));
  expect(found).toEqual([]);
}

/** Forwards twice, and backwards. */
async function applyInAnyOrder() {
  const events = fixture.takeEvents();
  await fixture.applyAll([...events.toReversed(), ...events, ...events]);
}

describe('with VAT at top-up, a top-up that is paid', () => {
  test('has one tax document of what was paid, however often and in whatever order it is told', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId);
    const events = fixture.takeEvents();
    const told = [...events, ...events.toReversed()].map((event) => fixture.apply(event));
    await Promise.all([...told, fixture.advance(id), fixture.advance(id)]);
    await fixture.sweep();
    expect(await document()).toMatchObject({
      kind: 'top_up',
      document: 'ours',
      state: 'paid',
      number: 'TD2026000001',
      topUpId: id,
      periodId: null,
      totalMinor: 50_000n,
      vatMinor: 10_500n,
      grossMinor: 60_500n,
      paidMinor: 60_500n,
      settlesMicros: 0n,
      chargesMicros: 0n,
      vatTreatment: 'standard',
      vatRateBps: 2_100,
      dueOn: null,
      wakeAt: null,
      paidAt: fixture.clock.now(),
      parties: { taxPointOn: '2026-03-10', issuedOn: '2026-03-10', payer: { country: 'CZ' } },
      lines: [{ kind: 'top_up', amountMicros: 500_000_000n, description: 'SMS credit' }],
      payments: [{ amountMinor: 60_500n, method: 'stripe', reference: `checkout ${sessionId}` }],
    });
    expect(await fixture.entries(tenantId)).toEqual([
      { kind: 'purchase', amountMicros: 500_000_000n, reference: `checkout ${sessionId}` },
    ]);
    const mails = await fixture.mails(tenantId);
    expect(mails.map(({ kind }) => kind).toSorted()).toEqual(['invoice_issued', 'payment_received']);
  });

  test('carries the VAT that Stripe computed', async () => {
    fixture.deps.taxMode = 'stripe_tax';
    const { id } = await fixture.credited(tenantId);
    expect(await document()).toMatchObject({ topUpId: id, vatMinor: 10_500n, vatTreatment: 'standard' });
    expect(await fixture.alerts()).toEqual([]);
  });

  test('says what Stripe charged where that is not what our rules say, and an operator looks', async () => {
    fixture.deps.taxMode = 'stripe_tax';
    const { sessionId } = await fixture.opened(tenantId);
    await details({ country: 'DE', vatId: 'DE123456789', vatIdValid: true });
    fixture.simulator.payCheckout(sessionId);
    await applyInAnyOrder();
    expect(await document()).toMatchObject({
      vatMinor: 10_500n,
      grossMinor: 60_500n,
      vatTreatment: 'standard',
      vatRateBps: 2_100,
    });
    expect(await fixture.alerts()).toMatchObject([{ kind: 'top_up_tax_differs', tenantId }]);
  });

  test('is credited even where no rate of its country is known to us', async () => {
    fixture.deps.taxMode = 'stripe_tax';
    const { sessionId } = await fixture.opened(tenantId);
    await details({ country: 'DE' });
    await fixture.prisma.vatRate.deleteMany({ where: { country: 'DE' } });
    fixture.simulator.payCheckout(sessionId);
    await applyTopUpSession(fixture.deps, sessionId);
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
    expect(await document()).toMatchObject({ vatMinor: 10_500n, vatRateBps: 2_100 });
    expect(await alerts()).toEqual(['top_up_tax_differs']);
  });

  test('of a business in another member state has one under reverse charge', async () => {
    await details({ country: 'SK', vatId: 'SK1234567890', vatIdValid: true });
    await fixture.credited(tenantId);
    expect(await document()).toMatchObject({
      vatTreatment: 'reverse_charge',
      vatMinor: 0n,
      grossMinor: 50_000n,
      paidMinor: 50_000n,
    });
    expect(await fixture.alerts()).toEqual([]);
  });

  test('automatically has one as well', async () => {
    const automatic = await fixture.automaticTenant();
    await fixture.openAutomatic();
    const [topUp] = await fixture.automatic(automatic.tenantId);
    await Promise.allSettled([fixture.advance(String(topUp?.id)), fixture.advance(String(topUp?.id))]);
    await applyInAnyOrder();
    const rows = await fixture.prisma.invoice.findMany({ where: { tenantId: automatic.tenantId } });
    expect(rows).toMatchObject([{ kind: 'top_up', topUpId: topUp?.id, vatMinor: 10_500n, state: 'paid' }]);
  });

  test('has its tax point on the day of the payment in the issuer’s zone, and the number of its year', async () => {
    await fixture.prisma.billingPeriod.updateMany({ data: { endsAt: new Date('2040-01-01T00:00:00Z') } });
    fixture.clock.advance(Date.parse('2026-12-31T23:30:00Z') - fixture.clock.now().getTime());
    await fixture.credited(tenantId);
    expect(await document()).toMatchObject({
      number: 'TD2027000001',
      parties: { taxPointOn: '2027-01-01' },
    });
  });

  test('keeps to what held when its page was opened, whatever the setting is when it is paid', async () => {
    const taxed = await fixture.opened(tenantId);
    await taxAt('at_use');
    const untaxed = await fixture.opened(tenantId);
    await taxAt('at_top_up');
    for (const { sessionId } of [taxed, untaxed]) fixture.simulator.payCheckout(sessionId);
    await applyInAnyOrder();
    expect(await document()).toMatchObject({ topUpId: taxed.id });
    expect(await fixture.balance(tenantId)).toBe(1_000_000_000n);
  });

  test('is credited together with its document, or not at all', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId);
    const { issuer } = await fixture.prisma.billingDefaults.findUniqueOrThrow({ where: { id: 1 } });
    const change = (to: object) =>
      fixture.prisma.billingDefaults.update({ where: { id: 1 }, data: { issuer: to } });
    await change({ timeZone: 'Nowhere/At-all' });
    await expect(applyTopUpSession(fixture.deps, sessionId)).rejects.toThrow();
    expect([await fixture.entries(tenantId), await documents()]).toEqual([[], []]);
    expect(await fixture.topUp(id)).toMatchObject({ state: 'created' });
    await change(issuer as object);
    await applyTopUpSession(fixture.deps, sessionId);
    expect(await document()).toMatchObject({ number: 'TD2026000001' });
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });

  test('asks for nothing: it cannot be voided or credited by hand', async () => {
    await fixture.credited(tenantId);
    const { id: invoiceId } = await document();
    const by = 'op@example.com';
    const at = fixture.clock.now();
    await expect(
      inTransaction(fixture.deps, (tx) => voidInvoice(tx, { invoiceId, by, reason: 'no' }, at)),
    ).rejects.toThrow('it is a top up');
    await expect(
      inTransaction(fixture.deps, (tx) => createCreditNote(tx, { invoiceId, by, reason: 'no' }, at)),
    ).rejects.toThrow('a refund there credits it');
  });
});

test('with VAT at use a top-up has no document', async () => {
  await taxAt('at_use');
  const { paymentIntentId } = await fixture.credited(tenantId);
  await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 10_000 });
  await applyInAnyOrder();
  expect(await documents()).toEqual([]);
});

describe('money that goes back', () => {
  const notes = async () => (await documents()).filter(({ kind }) => kind === 'credit_note');

  test('is on a credit note of exactly that, once per refund', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const { id } = await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 12_100 });
    await applyInAnyOrder();
    expect(await notes()).toMatchObject([
      {
        number: 'CN2026000001',
        state: 'issued',
        totalMinor: -10_000n,
        vatMinor: -2_100n,
        grossMinor: -12_100n,
        vatRateBps: 2_100,
        payments: [{ amountMinor: -12_100n, method: 'stripe', reference: `refund ${id}` }],
      },
    ]);
    expect((await documents())[0]).toMatchObject({ kind: 'top_up', state: 'paid', creditedMinor: 12_100n });
    expect(await fixture.balance(tenantId)).toBe(400_000_000n);
  });

  test('in odd parts is taken back to the heller, tax included', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId, { netMinor: 33_333n });
    for (const amount of [1, 13_333, 13_333, 13_666])
      await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount });
    await applyInAnyOrder();
    const sum = (field: 'totalMinor' | 'vatMinor') => async () =>
      (await notes()).reduce((total, each) => total + each[field], 0n);
    expect([await sum('totalMinor')(), await sum('vatMinor')()]).toEqual([-33_333n, -7_000n]);
    expect((await documents())[0]?.creditedMinor).toBe(40_333n);
    expect(await fixture.balance(tenantId)).toBe(0n);
  });

  test('is credited only when the refund has succeeded', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const refund = await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 12_100 });
    const retrieve = fixture.stripe.refunds.retrieve.bind(fixture.stripe.refunds);
    fixture.stripe.refunds.retrieve = async (id: string) =>
      ({ ...(await retrieve(id)), status: 'pending' }) as never;
    await fixture.applyAll();
    expect(await notes()).toEqual([]);
    expect(await fixture.balance(tenantId)).toBe(400_000_000n);
    fixture.stripe.refunds.retrieve = retrieve as never;
    await fixture.apply({ type: 'refund.updated', data: { object: { id: refund.id } } });
    expect(await notes()).toHaveLength(1);
  });

  test('is not credited by who read the refund before it failed', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const refund = await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 12_100 });
    const asRead = await fixture.stripe.refunds.retrieve(refund.id);
    const say = (status: string) =>
      Object.assign(fixture.stripe.refunds, { retrieve: async () => ({ ...asRead, status }) });
    for (const status of ['pending', 'failed', 'succeeded', 'pending']) {
      say(status);
      await fixture.apply({ type: 'refund.updated', data: { object: { id: refund.id } } });
    }
    expect(await notes()).toEqual([]);
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });

  test('and comes back, because the refund fails, makes its credit note void, and an operator is told', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const refund = await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 12_100 });
    await fixture.applyAll();
    fixture.simulator.failRefund(refund.id);
    await applyInAnyOrder();
    expect(await notes()).toMatchObject([
      { state: 'void', number: 'CN2026000001', voidReason: `refund ${refund.id} failed` },
    ]);
    expect((await documents())[0]).toMatchObject({ creditedMinor: 0n });
    expect(await fixture.alerts()).toMatchObject([{ kind: 'credit_note_void', tenantId }]);
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);

    await fixture.stripe.refunds.create({ payment_intent: paymentIntentId });
    await applyInAnyOrder();
    expect((await notes()).map(({ state, grossMinor }) => [state, grossMinor])).toEqual([
      ['void', -12_100n],
      ['issued', -60_500n],
    ]);
    expect(await fixture.balance(tenantId)).toBe(0n);
  });

  test('by a dispute is credited when the dispute is lost, not before', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const { id } = fixture.simulator.openDispute({ payment_intent: paymentIntentId });
    await applyInAnyOrder();
    expect(await notes()).toEqual([]);
    fixture.simulator.closeDispute(id, { outcome: 'lost' });
    await applyInAnyOrder();
    expect(await notes()).toMatchObject([
      { grossMinor: -60_500n, vatMinor: -10_500n, payments: [{ reference: `dispute ${id} withdrawn` }] },
    ]);
  });

  test('by a dispute that is won is never credited', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const { id } = fixture.simulator.openDispute({ payment_intent: paymentIntentId });
    await applyInAnyOrder();
    fixture.simulator.closeDispute(id, { outcome: 'won' });
    await applyInAnyOrder();
    expect(await notes()).toEqual([]);
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });
});
