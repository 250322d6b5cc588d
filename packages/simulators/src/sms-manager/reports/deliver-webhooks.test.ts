import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage, noon, type RunningSimulator, runSimulator } from '../../testing/run-simulator.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts';

let simulator: RunningSimulator;
let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  simulator = await runSimulator({ callbackSecret: 'shared secret', webhookTimeoutMs: 100 });
});
afterEach(async () => {
  await simulator.close();
  await receiver.close();
});

const sendAndFlush = async (changes: object = {}) => {
  await simulator.send(aMessage({ callback: receiver.url, ...changes }));
  await simulator.flushReports();
};
const answersOf = (index: number) => simulator.received()[index]?.callbackAnswers;

describe('reports of a message', () => {
  it('come as sent, then delivered, with what was billed and the payload', async () => {
    const payload = { gw: 'msg_1', nested: { a: [1] } };
    const { body } = await simulator.send(
      aMessage({ callback: receiver.url, payload, body: 'ř'.repeat(161) }),
    );
    await simulator.flushReports();
    const event = {
      request_id: body.request_id,
      message_id: body.accepted[0].message_id,
      gateway: 'sms',
      timestamp: noon.getTime() / 1000,
      payload,
      type: 'outgoing',
      to: { phone_number: '420777123456' },
      sms: {
        gateway: 'high',
        sender: 'Tollgate',
        country: 230,
        operator: 2,
        price_czk: 1.78,
        price_eur: 0.08,
        count: 2,
      },
    };
    expect(receiver.webhooks.map(({ events }) => events)).toEqual([
      [{ ...event, result: 'sent' }],
      [{ ...event, result: 'delivered', result_info: '[0] Delivered' }],
    ]);
    expect(simulator.received()).toMatchObject([{ state: 'delivered', parts: 2, charged: true }]);
  });

  it('come by themselves when the clock runs', async () => {
    const running = await runSimulator({ now: () => new Date(), reportDelaysMs: { sent: 1, delivered: 5 } });
    await running.send(aMessage({ callback: receiver.url }));
    await receiver.arrived(2);
    expect(receiver.results().sort()).toEqual(['delivered', 'sent']);
    await running.close();
  });

  it('go to the address given, with its query and its user and password', async () => {
    const callback = receiver.url.replace('//', '//user:p%40ss@').concat('?token=a%20b');
    await sendAndFlush({ callback });
    const [webhook] = receiver.webhooks;
    expect(webhook?.path).toBe('/hook?token=a%20b');
    expect(webhook?.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('are signed over the raw body', async () => {
    await sendAndFlush({ body: 'Příliš', payload: { text: 'žluťoučký' } });
    const [webhook] = receiver.webhooks;
    const expected = createHmac('sha256', 'shared secret')
      .update(webhook?.raw ?? '')
      .digest('hex');
    expect(webhook?.headers['x-request-signature']).toBe(expected);
  });

  it('carry no signature when there is no secret', async () => {
    const open = await runSimulator();
    await open.send(aMessage({ callback: receiver.url }));
    await open.flushReports();
    expect(receiver.webhooks[0]?.headers).not.toHaveProperty('x-request-signature');
    await open.close();
  });

  it('of a batch name each recipient by the id of its object and its index', async () => {
    const to = [{ phone_number: '420777123456' }, { phone_number: '420777123457' }];
    const { body } = await simulator.send([aMessage({ to, callback: receiver.url })], '/messages');
    await simulator.flushReports();
    const id = body.accepted[0].message_id;
    const ids = receiver.webhooks.map(({ events }) => events[0].message_id);
    expect(new Set(ids)).toEqual(new Set([`${id}-0`, `${id}-1`]));
  });

  it('are not posted for the silent test number, which is not charged either', async () => {
    simulator.faults.set({ credit: 5 });
    await sendAndFlush({ to: [{ phone_number: '420777777777' }] });
    expect(receiver.webhooks).toEqual([]);
    expect(simulator.received()).toMatchObject([{ state: 'accepted', charged: false }]);
    expect(simulator.faults.current().credit).toBe(5);
  });

  it('wait for the time a message is scheduled for', async () => {
    await sendAndFlush({ datetime: '2026-03-02T11:02:00Z' });
    expect(receiver.webhooks).toEqual([]);
    await sendAndFlush({ datetime: '2026-03-02T11:00:30Z' });
    expect(receiver.results()).toEqual(['sent', 'delivered']);
  });

  it('name the statistics of a WhatsApp text by their own key', async () => {
    await sendAndFlush({ flow: [{ whatsapp_text: { sender: '5145783' } }] });
    expect(receiver.webhooks[0]?.events[0]).toMatchObject({
      gateway: 'whatsapp_text',
      whatsapp_body: { sender: '5145783', count: 1 },
    });
  });
});

describe('a webhook that is not answered with success', () => {
  it('is posted again under the same request id until it is', async () => {
    receiver.answers.push(500, 302, 404, 'never', 204);
    simulator.faults.set({ reports: { result: 'sentOnly' } });
    await sendAndFlush();
    expect(receiver.webhooks).toHaveLength(5);
    expect(new Set(receiver.webhooks.map(({ headers }) => headers['x-request-id']))).toHaveProperty(
      'size',
      1,
    );
    expect(new Set(receiver.webhooks.map(({ path }) => path))).toEqual(new Set(['/hook']));
    expect(answersOf(0)).toEqual([{ result: 'sent', attempts: 5, outcome: 'answered', lastAnswer: '204' }]);
  });

  it('is posted again by itself once its wait is over', async () => {
    const delays = { reportDelaysMs: { sent: 1, delivered: 1 }, retryScale: 0.0001 };
    const running = await runSimulator({ now: () => new Date(), ...delays });
    running.faults.set({ reports: { result: 'sentOnly' } });
    receiver.answers.push(500, 500);
    const answered = running.next('report answered');
    await running.send(aMessage({ callback: receiver.url }));
    expect(await answered).toMatchObject({ result: 'sent', attempt: 3, answer: '200' });
    await running.close();
  });

  it('is dropped after five attempts', async () => {
    receiver.answers.push(500, 500, 500, 500, 'never');
    simulator.faults.set({ reports: { result: 'sentOnly' } });
    await sendAndFlush();
    expect(receiver.webhooks).toHaveLength(5);
    expect(answersOf(0)).toEqual([
      { result: 'sent', attempts: 5, outcome: 'dropped', lastAnswer: 'timeout' },
    ]);
  });

  it('does not hold back later reports', async () => {
    receiver.answers.push(500);
    await sendAndFlush();
    expect(receiver.results()).toEqual(['sent', 'delivered', 'sent']);
  });

  it('is dropped as well when nobody listens', async () => {
    await receiver.close();
    await sendAndFlush();
    expect(answersOf(0)).toMatchObject([
      { result: 'sent', attempts: 5, outcome: 'dropped', lastAnswer: 'no connection' },
      { result: 'delivered', outcome: 'dropped' },
    ]);
  });
});
