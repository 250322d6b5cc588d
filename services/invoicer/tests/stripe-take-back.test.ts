import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BilledTenant, type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await startStripeFixture();
});
afterAll(() => fixture.close());

const own = { collection: 'stripe_invoice', messages: 20, withSubscription: false } as const;

const invoicesOf = async (customer: string) =>
  (await fixture.stripe.invoices.list({ customer, limit: 100 })).data
    .filter(({ billing_reason }) => billing_reason === 'manual')
    .map(({ total, status }) => ({ total, status }));

/** Collects until the n-th write, which is never made. */
async function collectUntil(write: number, invoiceId: string): Promise<void> {
  await expect(fixture.collectWith(fixture.dyingStripe(write, 'before'), invoiceId)).rejects.toThrow();
}

const states = async (invoiceId: string) => [
  ...new Set((await fixture.pushes(invoiceId)).map(({ state }) => state)),
];

type Pushed = BilledTenant & { others?: string };

/** What can be at Stripe for an invoice, and what has to be there once it is taken back. */
const situations: Record<
  string,
  { push: () => Promise<Pushed>; left: { total: number; status: string }[]; items: number }
> = {
  'an item that waits for the subscription': {
    async push() {
      const billed = await fixture.billedTenant({ messages: 20 });
      await fixture.collect(billed.invoiceId);
      return billed;
    },
    left: [],
    items: 0,
  },
  'a draft with its items': {
    async push() {
      const billed = await fixture.billedTenant(own);
      await collectUntil(3, billed.invoiceId);
      return billed;
    },
    left: [],
    items: 0,
  },
  'a draft of which we never heard that it was made': {
    async push() {
      const billed = await fixture.billedTenant(own);
      const dying = fixture.dyingStripe(1, 'after');
      await expect(fixture.collectWith(dying, billed.invoiceId)).rejects.toThrow();
      return billed;
    },
    left: [],
    items: 0,
  },
  'an invoice that asks for it': {
    async push() {
      const billed = await fixture.billedTenant(own);
      await fixture.collect(billed.invoiceId);
      return billed;
    },
    left: [{ total: 3_000, status: 'void' }],
    items: 1,
  },
  'an item on the draft of another invoice': {
    async push() {
      const first = await fixture.billedTenant({ ...own, messages: 3 });
      await fixture.collect(first.invoiceId);
      const others = await fixture.bill(first.tenantId, { messages: 10 });
      await collectUntil(4, others);
      return { ...first, others };
    },
    left: [{ total: 1_500, status: 'open' }],
    items: 1,
  },
};

describe.each(Object.entries(situations))('%s', (_, { push, left, items }) => {
  test.each(['before', 'after'] as const)(
    'is taken back once the invoice is void, though the process dies %s the call',
    async (when) => {
      const { invoiceId, customer, tenantId, others } = await push();
      await fixture.void(invoiceId);
      await expect(fixture.collectWith(fixture.dyingStripe(1, when), invoiceId)).rejects.toThrow();
      expect(await fixture.sweep()).toContain(invoiceId);
      if (others) await fixture.collect(others);
      expect(await invoicesOf(customer)).toEqual(left);
      expect(await fixture.items(customer)).toHaveLength(items);
      expect(await states(invoiceId)).toEqual(['discarded']);
      expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'void', wakeAt: null });
      expect((await fixture.alerts()).filter((alert) => alert.tenantId === tenantId)).toEqual([]);
    },
  );

  test('is taken back by one call, and its events change nothing', async () => {
    const { invoiceId, tenantId } = await push();
    await fixture.void(invoiceId);
    const counting = fixture.countingStripe();
    await fixture.collectWith(counting, invoiceId);
    await fixture.collectWith(counting, invoiceId);
    expect(counting.writes()).toBe(1);
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await states(invoiceId)).toEqual(['discarded']);
    expect((await fixture.alerts()).filter((alert) => alert.tenantId === tenantId)).toEqual([]);
  });
});

describe('what goes with an invoice that is taken back', () => {
  test('is billed by the next one, once', async () => {
    const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
    await collectUntil(3, invoiceId);
    await fixture.void(invoiceId);
    const next = await fixture.bill(tenantId, { messages: 10 });
    await fixture.sweep();
    await fixture.collect(next);
    expect(await invoicesOf(customer)).toEqual([{ total: 4_500, status: 'open' }]);
  });

  test('and was carried for an earlier invoice waits for the next one again, and is asked for once', async () => {
    const first = await fixture.billedTenant({ ...own, messages: 3 });
    await fixture.collect(first.invoiceId);
    const second = await fixture.bill(first.tenantId, { messages: 10 });
    await collectUntil(4, second);
    await fixture.void(second);
    await fixture.sweep();
    expect(await fixture.pushes(first.invoiceId)).toMatchObject([{ state: 'deferred', stripeId: null }]);
    const third = await fixture.bill(first.tenantId, { messages: 10 });
    await fixture.collect(third);
    // The second's usage is on the third: 10 + 10 messages, and 3 of the first.
    expect(await invoicesOf(first.customer)).toEqual([{ total: 3_450, status: 'open' }]);
    expect(await states(first.invoiceId)).toEqual(['confirmed']);
    fixture.clock.advance(MINUTE_MS);
    await fixture.sweep();
    // Its own usage, the second's as late usage, and what was carried.
    expect((await fixture.items(first.customer)).map(({ amount }) => amount).toSorted()).toEqual([
      1_500, 1_500, 450,
    ]);
  });

  test.each([1, 2, 3])(
    'is taken back where it is voided while it is collected, at write %s',
    async (write) => {
      const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
      const meanwhile = fixture.meanwhileStripe(write, () => fixture.void(invoiceId));
      await fixture.collectWith(meanwhile, invoiceId);
      expect(await fixture.sweep()).toContain(invoiceId);
      expect((await invoicesOf(customer)).filter(({ status }) => status !== 'void')).toEqual([]);
      expect(await states(invoiceId)).toEqual(['discarded']);
      expect((await fixture.alerts()).filter((alert) => alert.tenantId === tenantId)).toEqual([]);
    },
  );

  test('goes off the draft of another one that is finalized before it is taken back', async () => {
    const first = await fixture.billedTenant({ ...own, messages: 3 });
    await fixture.collect(first.invoiceId);
    const second = await fixture.bill(first.tenantId, { messages: 10 });
    await collectUntil(4, second);
    await fixture.void(first.invoiceId);
    await fixture.collect(second);
    expect(await invoicesOf(first.customer)).toEqual([{ total: 1_500, status: 'open' }]);
    expect(await states(first.invoiceId)).toEqual(['discarded']);
  });

  test('stays at Stripe where it is paid already, and operators are told', async () => {
    const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
    await fixture.collect(invoiceId);
    await fixture.payOpenInvoices(customer);
    await fixture.void(invoiceId);
    await fixture.sweep();
    expect(await invoicesOf(customer)).toEqual([{ total: 3_000, status: 'paid' }]);
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({
        kind: 'stripe_not_taken_back',
        tenantId,
        detail: expect.stringContaining('is paid'),
      }),
    );
  });

  test('is taken back even where somebody had given it up', async () => {
    const { invoiceId, customer } = await fixture.billedTenant({ messages: 20 });
    await fixture.collect(invoiceId);
    const data = { state: 'discarded', lastError: 'by mistake' };
    await fixture.prisma.stripePush.updateMany({ where: { invoiceId }, data });
    await fixture.void(invoiceId);
    await fixture.sweep();
    expect(await fixture.items(customer)).toEqual([]);
    expect(await fixture.pushes(invoiceId)).toMatchObject([data]);
  });
});
