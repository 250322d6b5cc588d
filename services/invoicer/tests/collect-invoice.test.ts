import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BilledTenant, type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;
let billed: BilledTenant;

beforeEach(async () => {
  fixture = await startStripeFixture();
  billed = await fixture.billedTenant();
});
afterEach(() => fixture.close());

const pushOf = (invoiceId: string) => fixture.prisma.stripePush.findFirst({ where: { invoiceId } });

describe('what is owed', () => {
  test('becomes one item on the tenant’s next subscription invoice, with the means to find it again', async () => {
    await fixture.collect(billed.invoiceId);
    expect(await fixture.items(billed.customer)).toMatchObject([
      {
        amount: 450,
        currency: 'czk',
        parent: { subscription_details: { subscription: billed.subscription } },
        metadata: { tenant_id: billed.tenantId, invoice_id: billed.invoiceId, push_id: expect.any(String) },
        discountable: false,
      },
    ]);
    expect(await pushOf(billed.invoiceId)).toMatchObject({
      state: 'confirmed',
      attempt: 1,
      stripeId: expect.stringMatching(/^ii_/),
    });
  });

  test('is pushed once, however often and however many at once the job runs', async () => {
    await Promise.allSettled(Array.from({ length: 5 }, () => fixture.collect(billed.invoiceId)));
    await fixture.collect(billed.invoiceId);
    expect(await fixture.items(billed.customer)).toHaveLength(1);
    expect(await pushOf(billed.invoiceId)).toMatchObject({ state: 'confirmed' });
  });
});

describe('when Stripe does not confirm', () => {
  test.each([
    ['the connection is cut before the write', { kind: 'cut', afterWriting: false }],
    ['Stripe is limiting', { kind: 'status', status: 429 }],
  ] as const)('because %s, the job fails and the next one leaves one item', async (_, fault) => {
    fixture.fail(fault, 4);
    await expect(fixture.collect(billed.invoiceId)).rejects.toThrow();
    fixture.recover();
    await fixture.collect(billed.invoiceId);
    expect(await fixture.items(billed.customer)).toHaveLength(1);
    expect(await pushOf(billed.invoiceId)).toMatchObject({ state: 'confirmed', attempt: 1 });
  });

  test('because a failure is stored under the key, it looks first and then uses another key', async () => {
    fixture.fail({ kind: 'lockTimeout' }, 1);
    await expect(fixture.collect(billed.invoiceId)).rejects.toThrow();
    fixture.recover();
    await fixture.collect(billed.invoiceId);
    expect(await fixture.items(billed.customer)).toHaveLength(1);
    expect(await pushOf(billed.invoiceId)).toMatchObject({ state: 'confirmed', attempt: 2 });
  });

  test('because our key is bad, nothing is given up', async () => {
    fixture.fail({ kind: 'status', status: 401 }, 1);
    await expect(fixture.collect(billed.invoiceId)).rejects.toThrow();
    expect(await pushOf(billed.invoiceId)).toMatchObject({ state: 'sent' });
  });

  test('because it refuses the request, a person has to look: a dead letter, and no more tries', async () => {
    await fixture.deleteCustomer(billed.customer);
    await fixture.collect(billed.invoiceId);
    expect(await pushOf(billed.invoiceId)).toMatchObject({
      state: 'rejected',
      lastError: expect.stringContaining('resource_missing'),
    });
    expect(await fixture.prisma.deadLetter.findMany()).toMatchObject([
      { failureClass: 'stripe_rejected', tenantId: billed.tenantId },
    ]);
    await fixture.collect(billed.invoiceId);
    expect(await fixture.prisma.deadLetter.count()).toBe(1);
  });

  test('because the connection is cut after the write, the same key finds what was made', async () => {
    fixture.fail({ kind: 'cut', afterWriting: true }, 1);
    await fixture.collect(billed.invoiceId);
    expect(await fixture.items(billed.customer)).toHaveLength(1);
    expect(await pushOf(billed.invoiceId)).toMatchObject({ state: 'confirmed', attempt: 1 });
  });

  test('because we died before we noted it, what it has is found again: by the key, and later by looking', async () => {
    for (const hours of [1, 30]) {
      await fixture.collect(billed.invoiceId);
      await fixture.forgetConfirmation(billed.invoiceId);
      fixture.clock.advance(hours * HOUR_MS);
      await fixture.collect(billed.invoiceId);
      expect(await fixture.items(billed.customer)).toHaveLength(1);
      expect(await pushOf(billed.invoiceId)).toMatchObject({ state: 'confirmed', attempt: 1 });
    }
  });

  test('for longer than it remembers keys, and it has nothing, it is sent with another key', async () => {
    fixture.fail({ kind: 'cut', afterWriting: false }, 4);
    await expect(fixture.collect(billed.invoiceId)).rejects.toThrow();
    fixture.recover();
    fixture.clock.advance(30 * HOUR_MS);
    await fixture.collect(billed.invoiceId);
    expect(await fixture.items(billed.customer)).toHaveLength(1);
    expect(await pushOf(billed.invoiceId)).toMatchObject({ state: 'confirmed', attempt: 2 });
  });
});

describe('when the subscription renews', () => {
  test('and is paid, our invoice is paid and the account gets exactly what it settles, once', async () => {
    await fixture.collect(billed.invoiceId);
    await fixture.renew(billed.subscription);
    const events = await fixture.takeEvents();
    for (const event of [...events, ...events.toReversed()]) await fixture.applyEvent(event);
    expect(await fixture.invoice(billed.invoiceId)).toMatchObject({
      state: 'paid',
      stripeInvoiceNumber: expect.any(String),
    });
    expect(await fixture.account(billed.tenantId)).toMatchObject({ balanceMicros: 0n });
    const payments = await fixture.prisma.ledgerEntry.findMany({
      where: { tenantId: billed.tenantId, kind: 'invoice_payment' },
    });
    expect(payments).toMatchObject([{ amountMicros: 4_500_000n, reference: `invoice ${billed.invoiceId}` }]);
  });

  test('and the card is declined, our invoice says so; a later payment still settles it', async () => {
    await fixture.collect(billed.invoiceId);
    fixture.declinePayments(true);
    await fixture.renew(billed.subscription);
    const failed = await fixture.takeEvents();
    for (const event of failed) await fixture.applyEvent(event);
    expect(await fixture.invoice(billed.invoiceId)).toMatchObject({ state: 'payment_failed' });
    fixture.declinePayments(false);
    await fixture.payOpenInvoices(billed.customer);
    for (const event of await fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.invoice(billed.invoiceId)).toMatchObject({ state: 'paid' });
    for (const event of failed) await fixture.applyEvent(event);
    expect(await fixture.invoice(billed.invoiceId)).toMatchObject({ state: 'paid' });
  });

  test('before we noted that the item was made, the payment still settles our invoice', async () => {
    await fixture.collect(billed.invoiceId);
    await fixture.forgetConfirmation(billed.invoiceId);
    await fixture.renew(billed.subscription);
    for (const event of await fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.invoice(billed.invoiceId)).toMatchObject({ state: 'paid' });
    expect(await pushOf(billed.invoiceId)).toMatchObject({
      state: 'confirmed',
      stripeId: expect.stringMatching(/^ii_/),
    });
  });

  test('events of other kinds, and of invoices without usage of ours, are kept and change nothing', async () => {
    await fixture.renew(billed.subscription);
    const events = await fixture.takeEvents();
    expect(events.length).toBeGreaterThan(0);
    const results: (string | null)[] = [];
    for (const event of events) results.push(await fixture.applyEvent(event));
    expect(results.filter((result) => /paid, |failed, |carried, /.test(result ?? ''))).toEqual([]);
    expect(await fixture.invoice(billed.invoiceId)).toMatchObject({ state: 'issued' });
  });
});
