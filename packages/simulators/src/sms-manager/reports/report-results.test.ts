import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage, apiKey, call, type RunningSimulator, runSimulator } from '../../testing/run-simulator.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts';

let simulator: RunningSimulator;
let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  simulator = await runSimulator();
});
afterEach(async () => {
  await simulator.close();
  await receiver.close();
});

const sendAndFlush = async (changes: object = {}) => {
  await simulator.send(aMessage({ callback: receiver.url, ...changes }));
  await simulator.flushReports();
};

describe('a message that must not be sent is rejected later, uncharged, with a code', () => {
  const resultOf = () => receiver.webhooks.map(({ events }) => [events[0].result, events[0].result_info]);
  const list = (name: string, to: string) =>
    call(`${simulator.restUrl}/${name}`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ to }),
    });

  it('302: the number cannot be dialled', async () => {
    await sendAndFlush({ to: [{ phone_number: '42077712' }] });
    expect(resultOf()).toEqual([['rejected', expect.stringMatching(/^\[302\]/)]]);
    expect(receiver.webhooks[0]?.events[0]).not.toHaveProperty('sms');
    expect(simulator.received()).toMatchObject([{ state: 'rejected', charged: false }]);
  });

  it('304: the recipient opted out of promotional messages, others still come', async () => {
    expect((await list('optout', '777 123 456\nnonsense')).body).toEqual({
      success: true,
      accepted: 1,
      invalid: ['nonsense'],
    });
    await sendAndFlush({ tag: 'promotional' });
    await sendAndFlush({ tag: 'transactional' });
    expect(resultOf()).toEqual([
      ['rejected', expect.stringMatching(/^\[304\]/)],
      ['sent', undefined],
      ['delivered', '[0] Delivered'],
    ]);
  });

  it('304: the recipient is on the blacklist, whatever the tag', async () => {
    await list('blacklist', '420777123456');
    await sendAndFlush();
    expect(resultOf()).toEqual([['rejected', expect.stringMatching(/^\[304\]/)]]);
  });

  it('306: the recipient had as many identical messages as the limit allows', async () => {
    simulator.faults.set({ identicalLimit: 2, reports: { result: 'sentOnly' } });
    for (let count = 0; count < 3; count += 1) await sendAndFlush();
    await sendAndFlush({ body: 'Another text' });
    expect(resultOf().map(([result]) => result)).toEqual(['sent', 'sent', 'rejected', 'sent']);
    expect(resultOf()[2]?.[1]).toMatch(/^\[306\]/);
  });

  it('307: the credit does not reach, and comes back with more credit for new messages only', async () => {
    simulator.faults.set({ credit: 1, reports: { result: 'sentOnly' } });
    await sendAndFlush();
    await sendAndFlush();
    expect(simulator.faults.current().credit).toBe(0.11);
    simulator.faults.change({ credit: 100 });
    await sendAndFlush();
    expect(resultOf().map(([result]) => result)).toEqual(['sent', 'rejected', 'sent']);
    expect(resultOf()[1]?.[1]).toMatch(/^\[307\]/);
  });
});

describe('report faults', () => {
  it.each([
    ['undelivered', ['sent', 'undelivered'], true],
    ['rejected', ['rejected'], false],
    ['failed', ['failed'], false],
    ['sentOnly', ['sent'], true],
  ] as const)('end messages as %s', async (result, results, charged) => {
    simulator.faults.set({ reports: { result } });
    await sendAndFlush();
    expect(receiver.results()).toEqual(results);
    expect(simulator.received()).toMatchObject([{ charged }]);
  });

  it('lose the next reports, which look-ups do not notice', async () => {
    simulator.faults.set({ reports: { lose: 3 } });
    await sendAndFlush();
    await sendAndFlush();
    expect(receiver.results()).toEqual(['delivered']);
    expect(simulator.received().map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    expect(simulator.faults.current().reports.lose).toBe(0);
  });

  it('post every report twice', async () => {
    simulator.faults.set({ reports: { double: true } });
    await sendAndFlush();
    expect(receiver.results()).toEqual(['sent', 'sent', 'delivered', 'delivered']);
  });

  it('post sent after delivered', async () => {
    simulator.faults.set({ reports: { reverse: true } });
    await sendAndFlush();
    expect(receiver.results()).toEqual(['delivered', 'sent']);
  });

  it('announce sending first', async () => {
    simulator.faults.set({ reports: { sending: true } });
    await sendAndFlush();
    expect(receiver.results()).toEqual(['sending', 'sent', 'delivered']);
  });

  it('change the text of the end and the number of parts', async () => {
    simulator.faults.set({ reports: { result: 'undelivered', resultInfo: '[9]', partCount: 4 } });
    await sendAndFlush();
    expect(receiver.webhooks.at(-1)?.events[0]).toMatchObject({
      result: 'undelivered',
      result_info: '[9]',
      sms: { count: 4, price_czk: 3.56 },
    });
  });
});
