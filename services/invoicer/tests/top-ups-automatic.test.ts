import { HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTopUpsFixture, type TopUpsFixture } from './top-ups-fixture.ts';

let fixture: TopUpsFixture;

beforeEach(async () => {
  fixture = await startTopUpsFixture();
});
afterEach(() => fixture.close());

const charges = 'POST /v1/payment_intents';

describe('credit below its line', () => {
  test('is topped up from the saved card, once, however often it is looked for and told', async () => {
    const { tenantId } = await fixture.automaticTenant();
    await Promise.all([fixture.openAutomatic(), fixture.openAutomatic()]);
    const [topUp, ...others] = await fixture.automatic(tenantId);
    expect(others).toEqual([]);
    const id = String(topUp?.id);
    await Promise.allSettled([fixture.advance(id), fixture.advance(id)]);
    await fixture.applyAll();
    expect(await fixture.openAutomatic()).toBe(0);
    const { paymentIntentId } = await fixture.topUp(id);
    expect(await fixture.entries(tenantId)).toEqual([
      { kind: 'purchase', amountMicros: 500_000_000n, reference: `intent ${paymentIntentId}` },
    ]);
    expect((await fixture.stripe.paymentIntents.list({})).data).toHaveLength(1);
    expect(await fixture.mails(tenantId)).toMatchObject([{ kind: 'payment_received' }]);
  });

  test('is left alone when it is switched off, above the line, or the tenant is suspended', async () => {
    const { tenantId } = await fixture.automaticTenant();
    const change = (data: object) => fixture.prisma.billingSettings.update({ where: { tenantId }, data });
    await change({ topUpEnabled: false });
    expect(await fixture.openAutomatic()).toBe(0);
    await change({ topUpEnabled: true, topUpBelowMicros: 0n });
    expect(await fixture.openAutomatic()).toBe(0);
    await change({ topUpBelowMicros: 1n });
    await fixture.prisma.tenant.update({
      where: { id: tenantId },
      data: { status: 'suspended', suspensionReason: 'operator' },
    });
    expect(await fixture.openAutomatic()).toBe(0);
  });

  test('never empties a card: ten times a day are enough', async () => {
    const { tenantId } = await fixture.automaticTenant();
    await fixture.prisma.billingSettings.update({
      where: { tenantId },
      data: { topUpBelowMicros: 10n ** 14n },
    });
    for (let times = 0; times < 12; times += 1) {
      await fixture.openAutomatic();
      const open = (await fixture.automatic(tenantId)).find(({ state }) => state === 'created');
      if (open) await fixture.advance(open.id);
    }
    expect(await fixture.automatic(tenantId)).toHaveLength(10);
    expect(await fixture.balance(tenantId)).toBe(5_000_000_000n);
  });
});

describe('a card that does not pay', () => {
  test.each([
    ['is declined', 'pm_card_chargeCustomerFail', 'generic_decline'],
    ['asks its owner', 'pm_card_authenticationRequired', 'authentication_required'],
  ])(
    'because it %s switches automatic top-ups off, tells once and is not tried again',
    async (_, card, reason) => {
      const { tenantId } = await fixture.automaticTenant(card);
      await fixture.openAutomatic();
      const [topUp] = await fixture.automatic(tenantId);
      await fixture.advance(String(topUp?.id));
      await fixture.applyAll();
      expect(await fixture.automatic(tenantId)).toMatchObject([
        { state: 'failed', lastError: reason, paymentIntentId: expect.stringMatching(/^pi_/) },
      ]);
      expect(await fixture.prisma.billingSettings.findUnique({ where: { tenantId } })).toMatchObject({
        topUpEnabled: false,
      });
      expect(await fixture.mails(tenantId)).toMatchObject([{ kind: 'top_up_failed' }]);
      expect(
        await fixture.prisma.alertCrossing.findMany({ where: { tenantId, kind: 'top_up_failed' } }),
      ).toMatchObject([{ leftAt: null }]);
      expect(await fixture.openAutomatic()).toBe(0);
      expect(await fixture.entries(tenantId)).toEqual([]);
    },
  );

  test('because there is none switches automatic top-ups off as well', async () => {
    const { tenantId, methodId } = await fixture.automaticTenant();
    await fixture.stripe.paymentMethods.detach(methodId);
    await fixture.openAutomatic();
    const [topUp] = await fixture.automatic(tenantId);
    expect(await fixture.advance(String(topUp?.id))).toBe('no card');
    expect(await fixture.automatic(tenantId)).toMatchObject([
      { state: 'failed', lastError: 'no_payment_method' },
    ]);
  });
});

describe('when Stripe does not answer a charge', () => {
  const lost = [
    { kind: 'cut', afterWriting: false },
    { kind: 'cut', afterWriting: false },
  ] as const;
  const doneButFailed = [{ kind: 'status', status: 500, afterWriting: true }] as const;

  test.each([
    ['that it did not make', lost, MINUTE_MS, 1],
    ['that it made', doneButFailed, MINUTE_MS, 1],
    ['that it made, until the key is forgotten', doneButFailed, 30 * HOUR_MS, 1],
    ['that it did not make, until the key is forgotten', lost, 30 * HOUR_MS, 2],
  ])('%s, the card is charged once', async (_, faults, laterMs, attempt) => {
    const { tenantId } = await fixture.automaticTenant();
    await fixture.openAutomatic();
    const [topUp] = await fixture.automatic(tenantId);
    const id = String(topUp?.id);
    fixture.simulator.faults.set({
      nextWrites: faults.map((fault) => ({ ...fault, path: '/v1/payment_intents' })),
    });
    await expect(fixture.advance(id)).rejects.toThrow();
    fixture.simulator.faults.clear();
    fixture.clock.advance(laterMs);
    expect(await fixture.openAutomatic()).toBe(0);
    await fixture.sweep();
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'paid', attempt });
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
    expect((await fixture.stripe.paymentIntents.list({})).data).toHaveLength(1);
    expect(fixture.simulator.requests()[charges]).toBeDefined();
  });

  test('and we died before we noted it, its event credits', async () => {
    const { tenantId } = await fixture.automaticTenant();
    await fixture.openAutomatic();
    const [topUp] = await fixture.automatic(tenantId);
    const id = String(topUp?.id);
    fixture.simulator.faults.set({ reads: { kind: 'cut', path: '/v1/payment_intents' } });
    await expect(fixture.advance(id)).rejects.toThrow();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'created', paymentIntentId: null });
    fixture.simulator.faults.clear();
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'paid' });
  });
});
