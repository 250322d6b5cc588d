import { expect, it } from 'vitest';
import { openShop, runStripe } from '../../testing/run-stripe.ts';
import { startWebhookReceiver } from '../../testing/webhook-receiver.ts';

it('collects an invoice that advances without being asked', async () => {
  const receiver = await startWebhookReceiver();
  const running = await runStripe({
    now: () => new Date(),
    advancesByItself: true,
    webhookUrl: receiver.url,
    webhookDelayMs: 1,
  });
  const { customer } = await openShop(running.stripe);
  const { id } = await running.stripe.invoices.create({ customer: customer.id, currency: 'czk' });
  const item = { customer: customer.id, invoice: id, amount: 20_000, currency: 'czk' };
  await running.stripe.invoiceItems.create(item);
  const paid = receiver.receives(({ events }) => events.type === 'invoice.paid');
  await running.stripe.invoices.finalizeInvoice(id, { auto_advance: true });
  expect((await paid).events.data.object).toMatchObject({ id, status: 'paid', attempt_count: 1 });
  await running.simulator.close();
  await receiver.close();
});
