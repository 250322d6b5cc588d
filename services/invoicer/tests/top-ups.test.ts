import { lockTopUp } from '@tollgate/shared/stripe/top-ups.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyTopUpSession } from '../src/top-ups/apply-top-up-session.ts';
import { startTopUpsFixture, type TopUpsFixture } from './top-ups-fixture.ts';

let fixture: TopUpsFixture;
let tenantId: string;

beforeEach(async () => {
  fixture = await startTopUpsFixture();
  tenantId = await fixture.tenant();
});
afterEach(() => fixture.close());

const sessions = 'POST /v1/checkout/sessions';

describe('a top-up that is paid', () => {
  test('gives its credit once, however often, in whatever order and however many at once it is told', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId);
    const events = fixture.takeEvents();
    const told = [...events, ...events.toReversed()].map((event) => fixture.apply(event));
    await Promise.all([...told, fixture.advance(id), fixture.advance(id)]);
    await fixture.sweep();
    expect(await fixture.entries(tenantId)).toEqual([
      { kind: 'purchase', amountMicros: 500_000_000n, reference: `checkout ${sessionId}` },
    ]);
    expect(await fixture.topUp(id)).toMatchObject({
      state: 'paid',
      sessionId,
      paymentIntentId: expect.stringMatching(/^pi_/),
      grossMinor: 50_000n,
      vatMinor: 0n,
      wakeAt: null,
    });
    expect(await fixture.mails(tenantId)).toMatchObject([{ kind: 'payment_received' }]);
    expect(await fixture.alerts()).toEqual([]);
  });

  test('gives its credit by the sweep alone when no event ever comes', async () => {
    const { sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId);
    expect(await fixture.sweep()).toBe(0);
    fixture.clock.advance(31 * MINUTE_MS);
    await fixture.sweep();
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });

  test('wakes the messages that waited for credit', async () => {
    const tenant = await buildTenant(fixture.prisma, { balanceMicros: 0n });
    const { id } = await buildMessage(fixture.prisma, tenant);
    const wakeAt = new Date(fixture.clock.now().getTime() + 24 * HOUR_MS);
    await fixture.prisma.message.update({ where: { id }, data: { holdReason: 'credit', wakeAt } });
    await fixture.credited(tenant.id);
    expect(await fixture.prisma.message.findUniqueOrThrow({ where: { id } })).toMatchObject({
      wakeAt: fixture.clock.now(),
    });
  });

  test('with tax that Stripe adds gives the net amount', async () => {
    await fixture.prisma.billingDefaults.upsert({
      where: { id: 1 },
      create: { id: 1, prepaidTax: 'at_top_up', changedAt: fixture.clock.now(), changedBy: 'test' },
      update: { prepaidTax: 'at_top_up' },
    });
    fixture.deps.taxMode = 'stripe_tax';
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId);
    await fixture.applyAll();
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
    expect(await fixture.topUp(id)).toMatchObject({ state: 'paid', vatMinor: 10_500n, grossMinor: 60_500n });
  });

  test('twice, on two pages that were opened for it, gives credit once and an operator gives the rest back', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    const row = await fixture.topUp(id);
    const second = await fixture.stripe.checkout.sessions.create(row.params as never);
    for (const page of [sessionId, second.id]) fixture.simulator.payCheckout(page);
    await fixture.applyAll();
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
    expect(await fixture.alerts()).toMatchObject([{ kind: 'top_up_paid_twice', tenantId }]);
  });
});

describe('nothing is credited', () => {
  test('for a page that is open, was left, or expired', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    expect(await applyTopUpSession(fixture.deps, sessionId)).toBe('not paid yet');
    await fixture.stripe.checkout.sessions.expire(sessionId);
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'expired', wakeAt: null });
    expect(await fixture.entries(tenantId)).toEqual([]);
  });

  test('for a card that is declined; the page stays open for another one', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId, { with: 'declined' });
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'created' });
    fixture.simulator.payCheckout(sessionId, { with: 'card' });
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'paid' });
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });

  test('for a bank debit until the money arrives', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId, { with: 'later' });
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'pending' });
    expect(await fixture.balance(tenantId)).toBe(0n);
    fixture.simulator.settleCheckout(sessionId, { isPaid: true });
    const events = fixture.takeEvents();
    await fixture.applyAll(events.toReversed());
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });

  test('for a bank debit that bounces', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId, { with: 'later' });
    fixture.simulator.settleCheckout(sessionId, { isPaid: false });
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'failed' });
    expect(await fixture.entries(tenantId)).toEqual([]);
  });

  test('for a payment of another amount, which a person looks at', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    const { params } = await fixture.topUp(id);
    const cheaper = JSON.parse(JSON.stringify(params).replace('50000', '40000'));
    const other = await fixture.stripe.checkout.sessions.create(cheaper);
    fixture.simulator.payCheckout(other.id);
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'needs_human', sessionId });
    expect(await fixture.alerts()).toMatchObject([{ kind: 'top_up_differs', tenantId }]);
    expect(await fixture.entries(tenantId)).toEqual([]);
  });

  test('for a request that asked for less than the credit', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    await fixture.prisma.$executeRaw`UPDATE top_ups SET net_minor = 60000 WHERE id = ${id}::uuid`;
    fixture.simulator.payCheckout(sessionId);
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'needs_human' });
    expect(await fixture.entries(tenantId)).toEqual([]);
  });

  test('for payments that are none of ours', async () => {
    const customer = await fixture.stripe.customers.create({});
    const intent = await fixture.stripe.paymentIntents.create({
      amount: 50_000,
      currency: 'czk',
      customer: customer.id,
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const refund = await fixture.stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
    for (const event of fixture.takeEvents()) expect(await fixture.apply(event)).toMatch(/not ours|ignored/);
    expect(refund.status).toBe('succeeded');
  });
});

describe('when Stripe does not answer', () => {
  // The library itself tries a cut connection a second time.
  const lost = [
    { kind: 'cut', afterWriting: false },
    { kind: 'cut', afterWriting: false },
  ] as const;
  const doneButFailed = [{ kind: 'status', status: 500, afterWriting: true }] as const;
  const fail = (faults: typeof lost | typeof doneButFailed, path = '/v1/checkout/sessions') =>
    fixture.simulator.faults.set({ nextWrites: faults.map((fault) => ({ ...fault, path })) });

  test.each([
    ['before it opened the page', lost],
    ['after it opened the page', doneButFailed],
  ])('%s, the sweep opens the one page', async (_, faults) => {
    const id = await fixture.requested(tenantId);
    fail(faults);
    await expect(fixture.advance(id)).rejects.toThrow();
    fixture.simulator.faults.clear();
    fixture.clock.advance(2 * MINUTE_MS);
    await fixture.sweep();
    const { sessionId, attempt, checkoutUrl } = await fixture.topUp(id);
    expect(attempt).toBe(1);
    expect(checkoutUrl).toContain('/checkout/');
    const { data } = await fixture.stripe.checkout.sessions.list({});
    expect(data.map((session) => session.id)).toEqual([sessionId]);
  });

  test.each([
    ['before it made the customer', lost],
    ['after it made the customer', doneButFailed],
  ])('%s, there is one customer in the end', async (_, faults) => {
    const id = await fixture.requested(tenantId);
    fail(faults, '/v1/customers');
    await expect(fixture.advance(id)).rejects.toThrow();
    fixture.simulator.faults.clear();
    await fixture.advance(id);
    expect((await fixture.stripe.customers.list({})).data).toHaveLength(1);
    expect(await fixture.topUp(id)).toMatchObject({ sessionId: expect.stringMatching(/^cs_/) });
  });

  test('about the customer for longer than it keeps keys, the customer is found again', async () => {
    const id = await fixture.requested(tenantId);
    fail(doneButFailed, '/v1/customers');
    await expect(fixture.advance(id)).rejects.toThrow();
    fixture.simulator.faults.clear();
    fixture.clock.advance(30 * HOUR_MS);
    await fixture.advance(id);
    expect((await fixture.stripe.customers.list({})).data).toHaveLength(1);
  });

  test('and stores the failure under the key, it is looked for and opened with another key', async () => {
    const id = await fixture.requested(tenantId);
    fixture.simulator.faults.set({ nextWrites: [{ kind: 'lockTimeout', path: '/v1/checkout/sessions' }] });
    await expect(fixture.advance(id)).rejects.toThrow();
    fixture.simulator.faults.clear();
    await fixture.advance(id);
    expect(await fixture.topUp(id)).toMatchObject({ attempt: 2, sessionId: expect.stringMatching(/^cs_/) });
    expect(fixture.simulator.requests()[sessions]).toMatchObject({ 200: 1 });
  });

  test('and we died before we noted the page, its event finds the top-up by what it carries', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    await fixture.prisma.topUp.update({ where: { id }, data: { sessionId: null, checkoutUrl: null } });
    fixture.simulator.payCheckout(sessionId);
    await fixture.applyAll();
    expect(await fixture.topUp(id)).toMatchObject({ state: 'paid', sessionId });
  });

  test('for a day, the top-up ends without a page, unless one was opened after all', async () => {
    const never = await fixture.requested(tenantId);
    fail(lost);
    await expect(fixture.advance(never)).rejects.toThrow();
    const made = await fixture.requested(tenantId);
    fail(doneButFailed);
    await expect(fixture.advance(made)).rejects.toThrow();
    fixture.simulator.faults.clear();
    fixture.clock.advance(25 * HOUR_MS);
    await fixture.advance(never);
    await fixture.advance(made);
    expect(await fixture.topUp(never)).toMatchObject({ state: 'failed', sessionId: null });
    expect(await fixture.topUp(made)).toMatchObject({ sessionId: expect.stringMatching(/^cs_/) });
  });

  test('and the transaction that credits is cut, nothing is half done and the next one credits', async () => {
    const { id, sessionId } = await fixture.opened(tenantId);
    fixture.simulator.payCheckout(sessionId);
    await fixture.prisma.$executeRaw`DELETE FROM accounts WHERE tenant_id = ${tenantId}::uuid`;
    await expect(applyTopUpSession(fixture.deps, sessionId)).rejects.toThrow();
    expect(await lockTopUp(fixture.prisma, id)).toMatchObject({ state: 'created' });
    await fixture.prisma.account.create({ data: { tenantId, currency: 'CZK' } });
    await applyTopUpSession(fixture.deps, sessionId);
    expect(await fixture.balance(tenantId)).toBe(500_000_000n);
  });
});
