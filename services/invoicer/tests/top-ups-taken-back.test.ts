import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTopUpsFixture, type TopUpsFixture } from './top-ups-fixture.ts';

let fixture: TopUpsFixture;
let tenantId: string;

beforeEach(async () => {
  fixture = await startTopUpsFixture();
  tenantId = await fixture.tenant();
});
afterEach(() => fixture.close());

const kinds = async () =>
  (await fixture.entries(tenantId)).map(({ kind, amountMicros }) => [kind, amountMicros]);
const bought = ['purchase', 500_000_000n];

/** Every order of the events in pairs: forwards twice, and backwards. */
async function applyInAnyOrder() {
  const events = fixture.takeEvents();
  await fixture.applyAll([...events.toReversed(), ...events, ...events]);
}

describe('a refund at Stripe', () => {
  test('takes the credit once, whatever order its events come in', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 20_000 });
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought, ['purchase_refund', -200_000_000n]]);
  });

  test('that comes before the payment is told of gives the credit first and then takes it', async () => {
    const { sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId);
    const [intent] = (await fixture.stripe.paymentIntents.list({})).data;
    await fixture.stripe.refunds.create({ payment_intent: String(intent?.id) });
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought, ['purchase_refund', -500_000_000n]]);
  });

  test('of more than is left takes the account below zero', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    await fixture.prisma.account.updateMany({ where: { tenantId }, data: { balanceMicros: 100_000_000n } });
    await fixture.stripe.refunds.create({ payment_intent: paymentIntentId });
    await applyInAnyOrder();
    expect(await fixture.balance(tenantId)).toBe(-400_000_000n);
  });

  test('that fails after all gives the credit again, once', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const refund = await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 10_000 });
    await fixture.applyAll();
    fixture.simulator.failRefund(refund.id);
    await applyInAnyOrder();
    expect(await kinds()).toEqual([
      bought,
      ['purchase_refund', -100_000_000n],
      ['purchase_refund', 100_000_000n],
    ]);
  });

  test('that failed before it was told of moves nothing', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const refund = await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount: 10_000 });
    fixture.simulator.failRefund(refund.id);
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought]);
  });

  test('of a taxed top-up in parts takes exactly the credit that was given', async () => {
    const { id, paymentIntentId } = await fixture.credited(tenantId);
    await fixture.prisma
      .$executeRaw`UPDATE top_ups SET net_minor = 41322, vat_minor = 8678 WHERE id = ${id}::uuid`;
    await fixture.prisma.account.updateMany({ where: { tenantId }, data: { balanceMicros: 413_220_000n } });
    for (const amount of [16_667, 16_667, 16_666])
      await fixture.stripe.refunds.create({ payment_intent: paymentIntentId, amount });
    await applyInAnyOrder();
    expect(await fixture.balance(tenantId)).toBe(0n);
  });
});

describe('a dispute', () => {
  test('takes the credit once, tells operators, and gives it again when it is won', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const { id } = fixture.simulator.openDispute({ payment_intent: paymentIntentId });
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought, ['dispute', -500_000_000n]]);
    expect(await fixture.alerts()).toMatchObject([{ kind: 'dispute', subject: id, tenantId }]);
    fixture.simulator.closeDispute(id, { outcome: 'won' });
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought, ['dispute', -500_000_000n], ['dispute', 500_000_000n]]);
  });

  test('that is lost takes nothing more', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const { id } = fixture.simulator.openDispute({ payment_intent: paymentIntentId });
    fixture.simulator.closeDispute(id, { outcome: 'lost' });
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought, ['dispute', -500_000_000n]]);
  });

  test('that is told of only after it was won ends with what there was', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    const { id } = fixture.simulator.openDispute({ payment_intent: paymentIntentId });
    fixture.simulator.closeDispute(id, { outcome: 'won' });
    await applyInAnyOrder();
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });

  test('that is only a question takes nothing, but operators are told', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    fixture.simulator.openDispute({ payment_intent: paymentIntentId, isInquiry: true });
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought]);
    expect(await fixture.alerts()).toMatchObject([{ kind: 'dispute' }]);
  });

  test('is expected when a bank suspects fraud: operators are told, nothing moves', async () => {
    const { paymentIntentId } = await fixture.credited(tenantId);
    fixture.simulator.warnOfFraud({ payment_intent: paymentIntentId });
    await applyInAnyOrder();
    expect(await kinds()).toEqual([bought]);
    expect(await fixture.alerts()).toMatchObject([{ kind: 'early_fraud_warning', tenantId }]);
  });
});
