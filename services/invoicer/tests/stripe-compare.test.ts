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
