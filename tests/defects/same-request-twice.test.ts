import { expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

test('1. A request that comes twice under one idempotency key is one SMS and one charge.', async () => {
  const { send, work, deliver, tenantWithKey, simulator, bookings } = gateway();
  const { tenant, key } = await tenantWithKey();
  const order = () => send(key, { to: '+420777123456', body: 'Your parcel is ready.' }, 'order-7');

  const answers = await Promise.all(Array.from({ length: 10 }, order));
  await work();
  answers.push(await order());
  await work();
  await deliver();
  answers.push(await order());
  await work();
  await deliver();

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(simulator.received()).toHaveLength(1);
  expect(await bookings(tenant.id)).toEqual([['sms_send', -1_500_000n]]);
});
