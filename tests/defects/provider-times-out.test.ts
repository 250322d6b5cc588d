import { sendMessages } from '@tollgate/shared/queues/catalog.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

test.each([
  ['its webhook tells', 0],
  ['the webhook is lost and the day listing tells', 100],
])(
  '2. A provider that takes a message and times out gets it once; %s, and it is one charge.',
  async (_, lose) => {
    const { send, call, work, sweep, deliver, tenantWithKey, simulator, clock, bookings } = gateway();
    const { prisma, invoicing } = gateway();
    const { tenant, key } = await tenantWithKey();
    const order = () => send(key, { to: '+420777123456', body: 'Your parcel is ready.' }, 'order-7');
    simulator.faults.set({ nextSends: [{ kind: 'hang', afterTaking: true }], reports: { lose } });

    const { body: accepted } = await order();
    const state = async () => (await call('GET', `/v1/sms/messages/${accepted.id}`, { key })).body.state;
    await work();
    expect(await state()).toBe('unknown');

    // The application asks again, and the job comes again: neither may send it again.
    const { id } = await prisma.message.findFirstOrThrow({ where: { tenantId: tenant.id } });
    clock.advance(MINUTE_MS);
    await order();
    await invoicing.producer.enqueue(sendMessages, { messageIds: [id] });
    await work();
    expect(simulator.received()).toHaveLength(1);

    await deliver();
    clock.advance(MINUTE_MS);
    await sweep();
    expect(await state()).toBe('delivered');
    clock.advance(20 * MINUTE_MS);
    await sweep();
    expect(simulator.received()).toHaveLength(1);
    expect(await bookings(tenant.id)).toEqual([['sms_send', -1_500_000n]]);
  },
);
