import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage, apiKey, type RunningSimulator, runSimulator } from '../../testing/run-simulator.ts';

let simulator: RunningSimulator;
beforeEach(async () => {
  simulator = await runSimulator();
});
afterEach(() => simulator.close());

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const json = { 'content-type': 'application/json' };

describe('the key', () => {
  it('missing is answered 401', async () => {
    const answer = await simulator.send(aMessage(), '/message', { headers: json });
    expect(answer).toEqual({ status: 401, body: { Message: 'Unauthorized' } });
  });

  it('unknown is answered 403', async () => {
    const answer = await simulator.send(aMessage(), '/messages', {
      headers: { ...json, 'x-api-key': 'other' },
    });
    expect(answer).toEqual({ status: 403, body: { Message: 'Forbidden' } });
    expect(simulator.received()).toEqual([]);
  });
});

describe('sending', () => {
  it('gives every recipient of one message an id under the index of the recipient', async () => {
    const to = [{ phone_number: '420777123456' }, { phone_number: '420777123457' }];
    const { status, body } = await simulator.send(aMessage({ to }));
    expect(status).toBe(200);
    expect(body).toEqual({
      request_id: expect.stringMatching(uuid),
      accepted: [
        { key: '0', message_id: expect.stringMatching(uuid) },
        { key: '1', message_id: expect.stringMatching(uuid) },
      ],
      rejected: [],
    });
    const ids = body.accepted.map(({ message_id }: { message_id: string }) => message_id);
    expect(simulator.received().map(({ id }) => id)).toEqual(ids);
  });

  it('gives every object of a batch one id, and its recipients that id with their index', async () => {
    const to = [{ phone_number: '420777123456' }, { phone_number: '420777123457' }];
    const { body } = await simulator.send([aMessage({ to }), aMessage()], '/messages');
    expect(body.accepted.map(({ key }: { key: string }) => key)).toEqual(['0', '1']);
    const [first, second] = body.accepted;
    expect(simulator.received().map(({ id }) => id)).toEqual([
      `${first.message_id}-0`,
      `${first.message_id}-1`,
      `${second.message_id}-0`,
    ]);
  });

  it('keeps what was submitted', async () => {
    await simulator.send(
      aMessage({ payload: { gw: 'a1' }, to: [{ phone_number: '+420 777 123 456' }] }),
      '/message/priority',
    );
    expect(simulator.received()).toMatchObject([
      {
        endpoint: 'message/priority',
        to: '+420 777 123 456',
        phoneNumber: '420777123456',
        body: 'Your table is booked',
        sender: 'Tollgate',
        tag: 'transactional',
        channel: 'sms',
        gateway: 'high',
        type: 'sms',
        payload: { gw: 'a1' },
        state: 'accepted',
        truncated: false,
      },
    ]);
  });

  it('cuts a text at 1,000 characters without a word in the answer', async () => {
    const { status, body } = await simulator.send(aMessage({ body: 'a'.repeat(1001) }));
    expect({ status, rejected: body.rejected }).toEqual({ status: 200, rejected: [] });
    expect(simulator.received()).toMatchObject([{ truncated: true, body: 'a'.repeat(1000), parts: 7 }]);
  });

  it('refuses what is not valid, naming the mistake, and takes nothing of it', async () => {
    const unknown = await simulator.send(aMessage({ currency: 'CZK' }));
    expect(unknown).toEqual({ status: 400, body: { Message: expect.stringContaining('currency') } });
    const batch = await simulator.send([aMessage(), aMessage({ to: [] })], '/messages');
    expect(batch).toEqual({ status: 400, body: { Message: expect.stringContaining('1.to') } });
    expect(simulator.received()).toEqual([]);
  });

  it('refuses a list where one message is expected and the other way round', async () => {
    expect((await simulator.send([aMessage()])).status).toBe(400);
    expect((await simulator.send(aMessage(), '/messages')).status).toBe(400);
  });

  it('refuses bodies that are no JSON, not declared as JSON, or larger than 128 KB', async () => {
    const headers = { ...json, 'x-api-key': apiKey };
    expect((await simulator.send({}, '/message', { headers, body: '{"to"' })).status).toBe(400);
    const text = { ...headers, 'content-type': 'text/plain' };
    expect((await simulator.send(aMessage(), '/message', { headers: text })).status).toBe(400);
    const large = await simulator.send(aMessage({ payload: { filler: 'a'.repeat(128 * 1024) } }));
    expect(large).toEqual({ status: 413, body: { Message: expect.any(String) } });
  });

  it('has no look-up and no other method on this host', async () => {
    const headers = { 'x-api-key': apiKey };
    expect((await simulator.send(null, '/message', { method: 'GET', headers, body: null })).status).toBe(404);
  });

  it('is counted by endpoint and status', async () => {
    await simulator.send(aMessage());
    await simulator.send(aMessage());
    await simulator.send({});
    await simulator.send([aMessage()], '/messages');
    await simulator.send({}, '/nowhere');
    expect(simulator.requests()).toEqual({
      'POST /v2/message': { 200: 2, 400: 1 },
      'POST /v2/messages': { 200: 1 },
      other: { 404: 1 },
    });
  });
});
