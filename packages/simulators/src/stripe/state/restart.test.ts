import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, runStripe } from '../../testing/run-stripe.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts';

let folder: string;
let receiver: WebhookReceiver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const start = () => runStripe({ statePath: join(folder, 'stripe.sqlite'), webhookUrl: receiver.url });

describe('after a restart', () => {
  it('objects, idempotency keys and faults are as they were', async () => {
    const before = await start();
    const { customer } = await openShop(before.stripe);
    const item = { customer: customer.id, amount: 2_000, currency: 'czk' };
    const created = await before.stripe.invoiceItems.create(item, { idempotencyKey: 'key' });
    before.simulator.faults.set({ declinePayments: true });
    await before.simulator.close();
    const after = await start();
    expect((await after.stripe.invoiceItems.create(item, { idempotencyKey: 'key' })).id).toBe(created.id);
    expect(after.simulator.objects.invoiceItems()).toHaveLength(1);
    expect(after.simulator.faults.current().declinePayments).toBe(true);
    await after.simulator.close();
  });

  it('events that were not answered are posted, those in flight again', async () => {
    const before = await start();
    receiver.answers.push('never');
    await before.stripe.customers.create();
    const flushed = before.simulator.flushWebhooks();
    await receiver.arrived(1);
    await before.simulator.close();
    await flushed;
    const after = await start();
    await after.simulator.flushWebhooks();
    const [first, second] = receiver.webhooks.map(({ events }) => events.id);
    expect(second).toBe(first);
    await after.simulator.flushWebhooks();
    expect(receiver.webhooks).toHaveLength(2);
    await after.simulator.close();
  });
});
