import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  aMessage,
  call,
  noon,
  type RunningSimulator,
  runSimulator,
} from '../../testing/run-simulator.ts';

let simulator: RunningSimulator;
let clock: Date;
beforeEach(async () => {
  clock = noon;
  simulator = await runSimulator({ now: () => clock });
});
afterEach(() => simulator.close());

const idOf = (answer: Answer): string => answer.body.accepted[0].message_id;
const bodies = (answer: Answer) => answer.body.messages.map(({ body }: { body: string }) => body);

describe('the look-up of one message', () => {
  it('follows the message, with codes as strings and the price as a number', async () => {
    const id = idOf(await simulator.send(aMessage()));
    const fresh = await simulator.look(`/message?id=${id}`);
    expect(fresh.body.message).toMatchObject({
      status_code: null,
      delivery_code: null,
      ts_sent: null,
      price: null,
    });
    await simulator.flushReports();
    const { body } = await simulator.look(`/message?id=${id}`);
    expect(body).toEqual({
      success: true,
      message: {
        status_code: '200',
        delivery_code: '201',
        status_info: 'Delivered',
        tag: 'transactional',
        body: 'Your table is booked',
        to: { phone_number: '420777123456' },
        request_id: expect.any(String),
        ts_created: '2026-03-02T11:00:00Z',
        ts_sent: '2026-03-02T11:00:00Z',
        ts_delivered: '2026-03-02T11:00:00Z',
        ts_seen: null,
        ts_clicked: null,
        ts_updated: '2026-03-02T11:00:00Z',
        flow: [{ sms: { type: 'sms', sender: 'Tollgate' } }],
        flow_index: '0',
        flow_status: { '0': { status_code: '200', delivery_code: '201' } },
        price: 0.89,
      },
    });
  });

  it('knows batch recipients by their own id only', async () => {
    const id = idOf(await simulator.send([aMessage()], '/messages'));
    expect((await simulator.look(`/message?id=${id}`)).body).toEqual({ success: true, message: null });
    expect((await simulator.look(`/message?id=${id}-0`)).body.message).toMatchObject({
      tag: 'transactional',
    });
  });

  it('answers 200 with null for an unknown id and 400 without an id', async () => {
    expect(await simulator.look('/message?id=x')).toEqual({
      status: 200,
      body: { success: true, message: null },
    });
    expect(await simulator.look('/message')).toEqual({ status: 400, body: { message: expect.any(String) } });
  });

  it('needs the key', async () => {
    expect(await call(`${simulator.restUrl}/message?id=x`)).toEqual({
      status: 401,
      body: { message: 'Unauthorized' },
    });
    const headers = { 'x-api-key': 'other' };
    expect((await call(`${simulator.restUrl}/credit`, { headers })).status).toBe(403);
  });

  it('can be broken without breaking sending', async () => {
    simulator.faults.set({ lookups: { kind: 'status', status: 503 } });
    expect((await simulator.look('/message?id=x')).status).toBe(503);
    expect((await simulator.send(aMessage())).status).toBe(200);
    simulator.faults.set({ lookups: { kind: 'cut' } });
    await expect(simulator.look('/messages?date=2026-03-02')).rejects.toThrow();
  });
});

describe('the listing of a day', () => {
  it('has a row per recipient, with prices as numeric strings', async () => {
    const to = [{ phone_number: '420777123456' }, { phone_number: '420777123457' }];
    const id = idOf(await simulator.send([aMessage({ to })], '/messages'));
    await simulator.flushReports();
    const { body } = await simulator.look('/messages?date=2026-03-02');
    expect(body).toMatchObject({ success: true, next_cursor: null });
    expect(body.messages).toHaveLength(2);
    expect(body.messages[0]).toEqual({
      message_id: `${id}-0`,
      message_parts: 1,
      ts_sent: '2026-03-02T11:00:00Z',
      ts_delivered: '2026-03-02T11:00:00Z',
      ts_updated: '2026-03-02T11:00:00Z',
      ts_clicked: null,
      ts_seen: null,
      ts_replied: null,
      ts_optout: null,
      sent: 1,
      delivered: 1,
      seen: 0,
      clicked: 0,
      replied: 0,
      optout: 0,
      nondelivered: 0,
      body: 'Your table is booked',
      flow: 'sms',
      sender: 'Tollgate',
      phone_number: '420777123456',
      price_czk: '0.89',
      price_eur: '0.04',
    });
  });

  it('finds a message by its complete list of tags in any order, not by one of them', async () => {
    await simulator.send(aMessage({ tag: 'transactional,GW-1' }));
    await simulator.send(aMessage({ tag: 'gw-2,transactional' }));
    const count = async (tag: string) =>
      (await simulator.look(`/messages?date=2026-03-02&tag=${tag}`)).body.messages.length;
    expect(await count('gw-1,transactional')).toBe(1);
    expect(await count('transactional,gw-1')).toBe(1);
    expect(await count('gw-1')).toBe(0);
    expect(await count('transactional')).toBe(0);
  });

  it('finds a message by its number in any form', async () => {
    await simulator.send(aMessage());
    await simulator.send(aMessage({ body: 'Other', to: [{ phone_number: '420777999999' }] }));
    expect(bodies(await simulator.look('/messages?date=2026-03-02&phone_number=777123456'))).toEqual([
      'Your table is booked',
    ]);
  });

  it('comes in pages of 100', async () => {
    const to = Array.from({ length: 10 }, (_, index) => ({ phone_number: `42077712345${index}` }));
    const batch = Array.from({ length: 10 }, () => aMessage({ to }));
    await simulator.send(batch, '/messages');
    const whole = await simulator.look('/messages?date=2026-03-02');
    expect([whole.body.messages.length, whole.body.next_cursor]).toEqual([100, null]);
    await simulator.send(aMessage({ body: 'The last' }));
    const first = await simulator.look('/messages?date=2026-03-02');
    expect(first.body.messages).toHaveLength(100);
    const second = await simulator.look(`/messages?date=2026-03-02&cursor=${first.body.next_cursor}`);
    expect(bodies(second)).toEqual(['The last']);
    expect(second.body.next_cursor).toBeNull();
  });

  it('keeps days apart', async () => {
    await simulator.send(aMessage());
    clock = new Date('2026-03-03T00:00:00.000Z');
    await simulator.send(aMessage({ body: 'Next day' }));
    expect(bodies(await simulator.look('/messages?date=2026-03-02'))).toEqual(['Your table is booked']);
    expect(bodies(await simulator.look('/messages?date=2026-03-03'))).toEqual(['Next day']);
  });

  it('shows a message only after the lag, while the look-up knows it at once', async () => {
    simulator.faults.set({ listingLagMs: 60_000 });
    const id = idOf(await simulator.send(aMessage()));
    clock = new Date(noon.getTime() + 59_999);
    expect(bodies(await simulator.look('/messages?date=2026-03-02'))).toEqual([]);
    expect((await simulator.look(`/message?id=${id}`)).body.message).not.toBeNull();
    clock = new Date(noon.getTime() + 60_000);
    expect(bodies(await simulator.look('/messages?date=2026-03-02'))).toHaveLength(1);
  });

  it.each([
    '/messages',
    '/messages?date=2.3.2026',
    '/messages?date=2026-03-02&cursor=x',
    '/messages?date=2026-03-02&x=1',
  ])('refuses %s', async (path) => {
    expect(await simulator.look(path)).toEqual({ status: 400, body: { message: expect.any(String) } });
  });
});

describe('the account', () => {
  it('shows its credit as numeric strings, falling with every charged message', async () => {
    simulator.faults.set({ credit: 10 });
    await simulator.send(aMessage());
    expect((await simulator.look('/credit')).body.credit.credit_czk).toBe('10');
    await simulator.flushReports();
    expect((await simulator.look('/credit')).body).toEqual({
      success: true,
      credit: {
        priceLevels: {},
        credit_czk: '9.11',
        credit_eur: '0',
        billing_id: '1',
        vat: '1',
        currency: 'czk',
        tz: 'Europe/Prague',
      },
    });
  });

  it('shows its key', async () => {
    const { status, body } = await simulator.look('/apikey/me');
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, me: { scope: 'full', is_blocked: 0, currency: 'czk' } });
  });
});
