import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

let tenantId: string;
let read: () => Promise<{ state: string; charged: boolean }>;
/** What the provider posts of the message: "sent", then "delivered". */
let reports: { body: string; attempt: string | null }[];

beforeEach(async () => {
  const { send, call, work, tenantWithKey, simulator, webhooks } = gateway();
  const { tenant, key } = await tenantWithKey();
  const { body } = await send(key, { to: '+420777123456', body: 'Your parcel is ready.' });
  await work();
  await simulator.flushReports();
  tenantId = tenant.id;
  reports = webhooks.take();
  read = async () => (await call('GET', `/v1/sms/messages/${body.id}`, { key })).body;
});

const once = [['sms_send', -1_500_000n]];
const eventsOf = ({ body }: { body: string }): object[] => JSON.parse(body);

describe('3. A delivery report', () => {
  test('that is delivered twice, by the same delivery and by another, is one charge', async () => {
    const { report, work, bookings } = gateway();
    for (const { body, attempt } of reports) {
      const deliveryId = randomUUID();
      await Promise.all([report(body, { attempt, deliveryId }), report(body, { attempt, deliveryId })]);
      await report(body, { attempt });
    }
    await work();
    for (const { body, attempt } of reports) await report(body, { attempt });
    await work();
    expect(await read()).toMatchObject({ state: 'delivered', charged: true });
    expect(await bookings(tenantId)).toEqual(once);
  });

  test('that comes after a later one does not take it back', async () => {
    const { report, work, bookings } = gateway();
    for (const { body, attempt } of reports.toReversed()) {
      await report(body, { attempt });
      await work();
    }
    expect(await read()).toMatchObject({ state: 'delivered', charged: true });
    expect(await bookings(tenantId)).toEqual(once);
  });

  test('that is forged is refused and changes nothing', async () => {
    const { report, work, bookings } = gateway();
    const [sent] = reports;
    const { body, attempt } = sent ?? { body: '[]', attempt: null };
    const path = `/v1/webhooks/sms-manager/${'A'.repeat(43)}`;
    expect((await report(body, { attempt, path })).status).toBe(404);
    expect((await report(body, { attempt, signature: '' })).status).toBe(401);
    expect((await report(body, { attempt, signature: 'a'.repeat(64) })).status).toBe(401);
    await work();
    expect(await read()).toMatchObject({ state: 'submitted', charged: false });
    expect(await bookings(tenantId)).toEqual([]);
  });

  test('for an unknown id, and a reply, in one array with ours: ours counts and the rest does no harm', async () => {
    const { report, work, bookings, prisma } = gateway();
    const stranger = {
      type: 'outgoing',
      timestamp: 1_800_000_000,
      message_id: randomUUID(),
      payload: { attempt: randomUUID() },
      result: 'delivered',
    };
    const reply = {
      type: 'incoming',
      sender: '420777999888',
      recipient: '420600',
      timestamp: 1,
      body: 'Thanks',
    };
    const array = [stranger, reply, ...reports.flatMap(eventsOf), 'no event'];
    expect((await report(JSON.stringify(array))).status).toBe(200);
    await work();
    expect(await read()).toMatchObject({ state: 'delivered', charged: true });
    expect(await bookings(tenantId)).toEqual(once);
    expect(await prisma.ledgerEntry.count({ where: { kind: 'sms_send' } })).toBe(1);
  });
});
