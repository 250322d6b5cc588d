import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage, call, type RunningSimulator, runSimulator } from '../../testing/run-simulator.ts';
import { startWebhookReceiver } from '../../testing/webhook-receiver.ts';

let simulator: RunningSimulator;
beforeEach(async () => {
  simulator = await runSimulator();
});
afterEach(() => simulator.close());

const control = (method: string, path: string, body?: unknown) =>
  call(`${simulator.pageUrl}simulator/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

describe('the control API', () => {
  it('replaces all faults at once', async () => {
    simulator.faults.set({ credit: 5 });
    const put = await control('PUT', 'faults', { nextSends: [{ kind: 'refuse' }] });
    expect(put.status).toBe(200);
    expect(put.body).toEqual(simulator.faults.current());
    expect(put.body).not.toHaveProperty('credit');
    expect((await control('GET', 'faults')).body).toEqual(put.body);
  });

  it('refuses unknown faults and changes nothing', async () => {
    simulator.faults.set({ credit: 5 });
    for (const faults of [{ nextSend: [] }, { always: { kind: 'hang' } }, { reports: { loose: 1 } }, []]) {
      expect((await control('PUT', 'faults', faults)).status).toBe(400);
    }
    expect(simulator.faults.current().credit).toBe(5);
  });

  it('lists what was received, page by page', async () => {
    await simulator.send([aMessage({ body: 'one' }), aMessage({ body: 'two' })], '/messages');
    const first = await control('GET', 'messages?limit=1');
    expect(first.body.messages).toMatchObject([{ body: 'one', state: 'accepted' }]);
    const second = await control('GET', `messages?after=${first.body.next}`);
    expect(second.body).toMatchObject({ messages: [{ body: 'two' }], next: null });
    expect((await control('GET', 'messages?limit=0')).status).toBe(400);
  });

  it('flushes reports and answers when they are through', async () => {
    const receiver = await startWebhookReceiver();
    await simulator.send(aMessage({ callback: receiver.url }));
    expect((await control('POST', 'flush')).status).toBe(204);
    expect(receiver.results()).toEqual(['sent', 'delivered']);
    await receiver.close();
  });

  it('counts requests', async () => {
    await simulator.send(aMessage());
    expect((await control('GET', 'requests')).body).toEqual({ 'POST /v2/message': { 200: 1 } });
  });

  it('resets everything', async () => {
    await simulator.send(aMessage());
    simulator.faults.set({ credit: 5 });
    expect((await control('POST', 'reset')).status).toBe(204);
    expect(simulator.received()).toEqual([]);
    expect(simulator.requests()).toEqual({});
    expect(simulator.faults.current()).not.toHaveProperty('credit');
  });
});
