import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareNightly } from '../src/compare-with-stripe/compare-nightly.ts';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await startStripeFixture();
});
afterAll(() => fixture.close());

async function pushed() {
  const billed = await fixture.billedTenant({ messages: 20 });
  await fixture.collect(billed.invoiceId);
  const [push] = await fixture.pushes(billed.invoiceId);
  const [item] = await fixture.items(billed.customer);
  if (!push || !item) throw new Error('nothing was pushed');
  return { ...billed, push, item };
}

const found = async (tenantId: string) =>
  (await compareNightly(fixture.deps))
    .filter((difference) => difference.tenantId === tenantId)
    .map(({ kind, subject }) => ({ kind, subject }));

describe('the comparison with Stripe', () => {
  test('finds nothing where everything is as it was pushed', async () => {
    const { tenantId } = await pushed();
    expect(await found(tenantId)).toEqual([]);
  });

  test('finds an item that was deleted, and its alert closes once a person has decided', async () => {
    const { tenantId, push, item } = await pushed();
    await fixture.stripe.invoiceItems.del(item.id);
    expect(await found(tenantId)).toEqual([{ kind: 'deleted', subject: push.id }]);
    const alert = { kind: 'stripe_item_deleted', subject: push.id };
    expect(await fixture.alerts()).toContainEqual(expect.objectContaining(alert));
    await fixture.prisma.stripePush.update({ where: { id: push.id }, data: { state: 'discarded' } });
    expect(await found(tenantId)).toEqual([]);
    expect(await fixture.alerts()).not.toContainEqual(expect.objectContaining(alert));
  });

  test('finds an item that is there twice', async () => {
    const { tenantId, customer, push, item } = await pushed();
    const { metadata } = item;
    await fixture.stripe.invoiceItems.create({
      customer,
      amount: 3_000,
      currency: 'czk',
      metadata: metadata ?? {},
    });
    expect(await found(tenantId)).toEqual([{ kind: 'doubled', subject: push.id }]);
  });

  test('finds an amount that is not what we asked for', async () => {
    const { tenantId, customer, push, item } = await pushed();
    await fixture.stripe.invoiceItems.del(item.id);
    const other = await fixture.stripe.invoiceItems.create({
      customer,
      amount: 2_999,
      currency: 'czk',
      metadata: item.metadata ?? {},
    });
    await fixture.prisma.stripePush.update({ where: { id: push.id }, data: { stripeId: other.id } });
    expect(await found(tenantId)).toEqual([{ kind: 'changed', subject: push.id }]);
  });

  test('finds what was never made, a day later', async () => {
    const { tenantId, invoiceId } = await fixture.billedTenant({ messages: 20 });
    await expect(fixture.collectWith(fixture.dyingStripe(1, 'before'), invoiceId)).rejects.toThrow();
    expect(await found(tenantId)).toEqual([]);
    fixture.clock.advance(DAY_MS + 1);
    expect(await found(tenantId)).toMatchObject([{ kind: 'missing' }]);
  });
});

describe('what an operator decides', () => {
  const decide = (id: string, action: string, stripeId: string | null = null) =>
    fixture.prisma.stripePush.update({
      where: { id },
      data: {
        resolution: {
          action,
          stripeId,
          reason: 'test',
          by: 'ops@example.com',
          at: fixture.clock.now().toISOString(),
          doneAt: null,
          outcome: null,
        },
      },
    });
  const stopped = async () => {
    const given = await pushed();
    const state = 'needs_human';
    await fixture.prisma.stripePush.update({ where: { id: given.push.id }, data: { state, stripeId: null } });
    return given;
  };

  test('to adopt takes what is there, and makes nothing', async () => {
    const { push, item, invoiceId, customer } = await stopped();
    await decide(push.id, 'adopt', item.id);
    await fixture.collect(invoiceId);
    expect(await fixture.pushes(invoiceId)).toMatchObject([{ state: 'confirmed', stripeId: item.id }]);
    expect(await fixture.items(customer)).toHaveLength(1);
  });

  test('to retry looks first: what is there is adopted, and only where nothing is another is made', async () => {
    const there = await stopped();
    await decide(there.push.id, 'retry');
    await fixture.collect(there.invoiceId);
    expect(await fixture.items(there.customer)).toHaveLength(1);
    const gone = await stopped();
    await fixture.stripe.invoiceItems.del(gone.item.id);
    await decide(gone.push.id, 'retry');
    await fixture.collect(gone.invoiceId);
    await fixture.collect(gone.invoiceId);
    expect(await fixture.items(gone.customer)).toHaveLength(1);
    expect(await fixture.pushes(gone.invoiceId)).toMatchObject([{ state: 'confirmed', attempt: 2 }]);
  });

  test('to retry a draft that was deleted at Stripe makes another one with the same items', async () => {
    const own = { collection: 'stripe_invoice', messages: 20, withSubscription: false } as const;
    const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
    await expect(fixture.collectWith(fixture.dyingStripe(3, 'before'), invoiceId)).rejects.toThrow();
    const [draft] = (await fixture.stripe.invoices.list({ customer })).data;
    await fixture.stripe.invoices.del(draft?.id ?? '');
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    const stoppedPushes = await fixture.pushes(invoiceId);
    expect(new Set(stoppedPushes.map(({ state }) => state))).toEqual(new Set(['needs_human']));
    const [made, item] = stoppedPushes;
    await decide(item?.id ?? '', 'retry');
    await fixture.collect(invoiceId);
    expect(await fixture.pushes(invoiceId)).toContainEqual(
      expect.objectContaining({
        id: item?.id,
        state: 'needs_human',
        resolution: expect.objectContaining({
          outcome: expect.stringContaining('retry the push that made it'),
        }),
      }),
    );
    await decide(made?.id ?? '', 'retry');
    await fixture.collect(invoiceId);
    await fixture.collect(invoiceId);
    const invoices = (await fixture.stripe.invoices.list({ customer })).data;
    expect(invoices.map(({ total, status }) => [total, status])).toEqual([[3_000, 'open']]);
    expect(await fixture.items(customer)).toMatchObject([{ amount: 3_000 }]);
    expect((await fixture.alerts()).filter((alert) => alert.tenantId === tenantId)).toEqual([]);
    expect(await found(tenantId)).toEqual([]);
  });

  test('to retry an item whose subscription invoice was voided puts it on the next one', async () => {
    const { push, invoiceId, customer, subscription } = await pushed();
    fixture.declinePayments(true);
    fixture.renew(subscription);
    fixture.declinePayments(false);
    const [open] = (await fixture.stripe.invoices.list({ customer, status: 'open' })).data;
    await fixture.stripe.invoices.voidInvoice(open?.id ?? '');
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.pushes(invoiceId)).toMatchObject([{ state: 'needs_human' }]);
    await decide(push.id, 'retry');
    await fixture.collect(invoiceId);
    expect(await fixture.pushes(invoiceId)).toMatchObject([{ state: 'confirmed', attempt: 2 }]);
    fixture.renew(subscription);
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid', paymentCount: 1 });
  });

  test('to retry an invoice that was voided at Stripe asks for it again, by another one', async () => {
    const own = { collection: 'stripe_invoice', messages: 20, withSubscription: false } as const;
    const { invoiceId, customer, tenantId } = await fixture.billedTenant(own);
    await fixture.collect(invoiceId);
    const [open] = (await fixture.stripe.invoices.list({ customer })).data;
    await fixture.stripe.invoices.voidInvoice(open?.id ?? '');
    expect(await found(tenantId)).toMatchObject([{ kind: 'deleted' }]);
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await found(tenantId)).toEqual([]);
    const draft = (await fixture.pushes(invoiceId)).find(({ kind }) => kind === 'draft_invoice');
    await decide(draft?.id ?? '', 'retry');
    await fixture.collect(invoiceId);
    const invoices = (await fixture.stripe.invoices.list({ customer })).data;
    expect(invoices.map(({ total, status }) => [total, status])).toEqual([
      [3_000, 'open'],
      [3_000, 'void'],
    ]);
    expect(await found(tenantId)).toEqual([]);
  });

  test('to retry what was carried on a draft that is gone puts it on the next invoice, once', async () => {
    const own = { collection: 'stripe_invoice', messages: 3, withSubscription: false } as const;
    const first = await fixture.billedTenant(own);
    const { customer, tenantId } = first;
    await fixture.collect(first.invoiceId);
    const second = await fixture.bill(tenantId, { messages: 10 });
    await expect(fixture.collectWith(fixture.dyingStripe(4, 'before'), second)).rejects.toThrow();
    const [draft] = (await fixture.stripe.invoices.list({ customer })).data;
    await fixture.stripe.invoices.del(draft?.id ?? '');
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    const [carried] = await fixture.pushes(first.invoiceId);
    expect(carried).toMatchObject({ state: 'needs_human' });
    await decide(carried?.id ?? '', 'retry');
    await fixture.collect(first.invoiceId);
    expect(await fixture.pushes(first.invoiceId)).toMatchObject([{ state: 'deferred', stripeId: null }]);
    const third = await fixture.bill(tenantId, { messages: 20 });
    await fixture.collect(third);
    const invoices = (await fixture.stripe.invoices.list({ customer })).data;
    expect(invoices.map(({ total, status }) => [total, status])).toEqual([[3_450, 'open']]);
    expect(await fixture.pushes(first.invoiceId)).toMatchObject([{ state: 'confirmed' }]);
  });

  test('to discard ends it, with what somebody else’s object cannot be', async () => {
    const { push, invoiceId, customer, item } = await stopped();
    const other = await pushed();
    await decide(push.id, 'adopt', other.item.id);
    await fixture.collect(invoiceId);
    expect(await fixture.pushes(invoiceId)).toMatchObject([
      { state: 'needs_human', resolution: { outcome: expect.stringContaining('another customer') } },
    ]);
    await fixture.stripe.invoiceItems.del(item.id);
    await decide(push.id, 'discard');
    await fixture.collect(invoiceId);
    expect(await fixture.pushes(invoiceId)).toMatchObject([{ state: 'discarded' }]);
    expect(await fixture.items(customer)).toEqual([]);
  });
});
