import { applyDeliveryReports } from '@tollgate/shared/queues/catalog.ts';
import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

const guest = '+420777123456';
const otherGuest = '+420777000111';

test('9. STOP concerns the tenant it answers, and keeps back what waits in the queue already.', async () => {
  const { send, call, report, work, sweep, deliver, tenantWithKey, clock, attempts, prisma, simulator } =
    gateway();
  const { tenant, key } = await tenantWithKey();
  const neighbour = await tenantWithKey();
  const sentTo = () => simulator.received().map(({ body }) => body);

  await send(key, { to: guest, body: 'Your table is booked.' });
  await work();
  await deliver();
  const queued = await send(key, { to: guest, body: 'queued' });
  const sendAt = new Date(clock.now().getTime() + HOUR_MS).toISOString();
  const scheduled = await send(key, { to: guest, body: 'scheduled', sendAt });
  await send(key, { to: otherGuest, body: 'to another guest' });
  await send(neighbour.key, { to: guest, body: 'of another tenant' });

  const first = await prisma.message.findFirstOrThrow({ where: { tenantId: tenant.id, state: 'delivered' } });
  const payload = { attempt: (await attempts(first.id))[0]?.id };
  const stop = {
    type: 'incoming',
    sender: guest.slice(1),
    recipient: '420600',
    timestamp: 1,
    body: 'Stop.',
    payload,
  };
  await report(JSON.stringify([stop]));
  await work(applyDeliveryReports);
  await work();
  clock.advance(HOUR_MS);
  await sweep();
  const afterwards = await send(key, { to: guest, body: 'afterwards' });
  await work();
  await deliver();

  expect(sentTo().toSorted()).toEqual(['Your table is booked.', 'of another tenant', 'to another guest']);
  for (const { body } of [queued, scheduled, afterwards]) {
    expect((await call('GET', `/v1/sms/messages/${body.id}`, { key })).body).toMatchObject({
      state: 'rejected',
      failureCode: 'recipient_opted_out',
      charged: false,
    });
  }
  expect(await gateway().bookings(tenant.id)).toEqual([
    ['sms_send', -1_500_000n],
    ['sms_send', -1_500_000n],
  ]);
});
