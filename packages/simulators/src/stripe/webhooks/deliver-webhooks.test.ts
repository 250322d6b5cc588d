import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningStripe, runStripe, webhookSecret } from '../../testing/run-stripe.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts';

let running: RunningStripe;
let stripe: Stripe;
let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  running = await runStripe({ webhookUrl: receiver.url, webhookTimeoutMs: 100 });
  stripe = running.stripe;
});
afterEach(async () => {
  await running.simulator.close();
  await receiver.close();
});

const create = (name = 'one') => stripe.customers.create({ name });
const received = () => receiver.webhooks.map(({ events }) => events.type);
const undelivered = async () => (await stripe.events.list({ delivery_success: false })).data;

describe('an event', () => {
  it('is posted with a signature the SDK accepts and the object as it was', async () => {
    const { id } = await create('before');
    await stripe.customers.update(id, { name: 'after' });
    await running.simulator.flushWebhooks();
    expect(received()).toEqual(['customer.created', 'customer.updated']);
    const [first, second] = receiver.webhooks.map(({ raw, headers }) => {
      const tolerance = Number.MAX_SAFE_INTEGER;
      return stripe.webhooks.constructEvent(raw, headers['stripe-signature'] ?? '', webhookSecret, tolerance);
    });
    expect(first).toMatchObject({
      api_version: '2026-10-28.endive',
      livemode: false,
      data: { object: { id, name: 'before' } },
    });
    expect(second?.data).toMatchObject({
      object: { name: 'after' },
      previous_attributes: { name: 'before' },
    });
  });

  it('of a meter is thin: signed, without what happened, which is read by its id', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'Segments',
      event_name: 'segments',
      default_aggregation: { formula: 'sum' },
    });
    await running.simulator.flushWebhooks();
    running.simulator.reportMeterErrors({ meter: meter.id, count: 2 });
    await running.simulator.flushWebhooks();
    const { raw = '', headers } = receiver.webhooks.at(-1) ?? {};
    const signature = String(headers?.['stripe-signature']);
    const tolerance = Number.MAX_SAFE_INTEGER;
    const notification = stripe.parseEventNotification(raw, signature, webhookSecret, tolerance);
    expect(notification).toMatchObject({ type: 'v1.billing.meter.error_report_triggered' });
    expect(notification).not.toHaveProperty('data');
    expect(() => stripe.webhooks.constructEvent(raw, signature, webhookSecret, tolerance)).toThrow(/thin/);
    expect(await stripe.v2.core.events.retrieve(notification.id)).toMatchObject({
      related_object: { id: meter.id },
      data: { reason: { error_count: 2, error_types: [{ code: 'meter_event_customer_not_found' }] } },
    });
    expect((await stripe.events.list()).data.map(({ type }) => type)).not.toContain(notification.type);
  });

  it('can be read again, and tells whether it was delivered', async () => {
    await create();
    const [event] = await undelivered();
    expect(event).toMatchObject({ type: 'customer.created', pending_webhooks: 1 });
    await running.simulator.flushWebhooks();
    expect(await undelivered()).toEqual([]);
    expect((await stripe.events.retrieve(event?.id ?? '')).pending_webhooks).toBe(0);
    const { data } = await stripe.events.list({ delivery_success: true, types: ['customer.created'] });
    expect(data).toHaveLength(1);
    expect((await stripe.events.list({ type: 'invoice.paid' })).data).toEqual([]);
  });

  it('is posted by itself when the clock runs', async () => {
    const lively = await runStripe({ webhookUrl: receiver.url, webhookDelayMs: 1, now: () => new Date() });
    await lively.stripe.customers.create();
    await receiver.arrived(1);
    await lively.simulator.close();
  });

  it('is posted again until it is answered with success', async () => {
    receiver.answers.push(500, 302, 'never', 204);
    await create();
    await running.simulator.flushWebhooks();
    expect(received()).toEqual(Array.from({ length: 4 }, () => 'customer.created'));
    expect(await undelivered()).toEqual([]);
  });

  it('is posted again by itself once its wait is over', async () => {
    const quick = { webhookDelayMs: 1, retryScale: 0.0001, now: () => new Date() };
    const lively = await runStripe({ webhookUrl: receiver.url, ...quick });
    receiver.answers.push(500, 500);
    const answered = lively.next('webhook answered');
    await lively.stripe.customers.create();
    expect(await answered).toMatchObject({ attempt: 3, answer: '200' });
    await lively.simulator.close();
  });

  it('is given up in the end, and can still be found', async () => {
    receiver.answers.push(...Array.from({ length: 9 }, () => 500));
    await create();
    await running.simulator.flushWebhooks();
    expect(receiver.webhooks).toHaveLength(9);
    expect(await undelivered()).toHaveLength(1);
  });

  it('goes to another address from when it is told, and nowhere without one', async () => {
    const other = await startWebhookReceiver();
    running.simulator.setWebhookUrl(other.url);
    await create();
    await running.simulator.flushWebhooks();
    running.simulator.setWebhookUrl(undefined);
    await create();
    await running.simulator.flushWebhooks();
    expect([receiver.webhooks.length, other.webhooks.length]).toEqual([0, 1]);
    expect((await stripe.events.list({ delivery_success: true })).data).toHaveLength(2);
    await other.close();
  });

  it('of a call that was refused does not exist', async () => {
    await expect(stripe.invoices.create({ customer: 'cus_1' })).rejects.toThrow();
    expect(running.simulator.objects.events()).toEqual([]);
  });
});

describe('events on a bad day', () => {
  it('are lost, as many as told', async () => {
    running.simulator.faults.set({ webhooks: { lose: 1 } });
    await create();
    await create();
    await running.simulator.flushWebhooks();
    expect(receiver.webhooks).toHaveLength(1);
    expect(await undelivered()).toHaveLength(1);
    expect(running.simulator.faults.current().webhooks.lose).toBe(0);
  });

  it('come twice', async () => {
    running.simulator.faults.set({ webhooks: { double: true } });
    await create();
    await running.simulator.flushWebhooks();
    const ids = receiver.webhooks.map(({ events }) => events.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('come as two events for one change', async () => {
    running.simulator.faults.set({ webhooks: { twin: true } });
    await create();
    await running.simulator.flushWebhooks();
    expect(new Set(receiver.webhooks.map(({ events }) => events.id)).size).toBe(2);
    expect(new Set(receiver.webhooks.map(({ events }) => events.data.object.id)).size).toBe(1);
  });

  it('come in reverse', async () => {
    running.simulator.faults.set({ webhooks: { reverse: true } });
    await stripe.customers.create({ tax_id_data: [{ type: 'eu_vat', value: 'CZ12345678' }] });
    await running.simulator.flushWebhooks();
    expect(received()).toEqual(['customer.tax_id.created', 'customer.created']);
  });

  it('come later than others', async () => {
    running.simulator.faults.set({ webhooks: { delayMs: 60_000 } });
    await create('late');
    running.simulator.faults.clear();
    await create('early');
    await running.simulator.flushWebhooks();
    expect(receiver.webhooks.map(({ events }) => events.data.object.name)).toEqual(['early', 'late']);
  });
});
