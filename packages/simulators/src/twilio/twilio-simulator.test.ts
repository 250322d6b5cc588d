import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noon } from '../testing/run-simulator.ts';
import {
  aTwilioMessage,
  authToken,
  type RunningTwilio,
  receiveForms,
  runTwilio,
  serviceSid,
} from '../testing/run-twilio.ts';

let now: Date;
let simulator: RunningTwilio;
let receiver: Awaited<ReturnType<typeof receiveForms>>;
beforeEach(async () => {
  now = noon;
  receiver = await receiveForms();
  simulator = await runTwilio({ now: () => now, inboundUrl: `${receiver.url}/inbound` });
});
afterEach(async () => {
  await simulator.close();
  await receiver.close();
});

const withCallback = (changes: Record<string, string> = {}) =>
  aTwilioMessage({ StatusCallback: `${receiver.url}?attempt=1`, ...changes });

describe('sending', () => {
  it('answers 201 with the resource: accepted with a service, queued with a sender', async () => {
    expect(await simulator.send(aTwilioMessage())).toMatchObject({
      status: 201,
      body: {
        sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
        status: 'accepted',
        num_segments: '0',
        price: null,
        from: null,
        date_created: 'Mon, 02 Mar 2026 11:00:00 +0000',
        date_sent: null,
      },
    });
    const { MessagingServiceSid, ...own } = aTwilioMessage({ From: 'Tollgate', Body: 'ř'.repeat(71) });
    expect(MessagingServiceSid).toBe(serviceSid);
    expect(await simulator.send(own)).toMatchObject({
      status: 201,
      body: { status: 'queued', from: 'Tollgate', num_segments: '2' },
    });
  });

  it.each([
    [{ To: '777123456' }, 21211],
    [{ To: '' }, 21604],
    [{ Body: '' }, 21602],
    [{ Body: 'x'.repeat(1601) }, 21617],
    [{ MessagingServiceSid: '' }, 21603],
    [{ From: 'a sender that is too long' }, 21212],
    [{ StatusCallback: 'https://a_host.example.com/' }, 21609],
    [{ MaxPrise: '1' }, 20001],
  ])('refuses %j with code %i', async (changes, code) => {
    const answer = await simulator.send(aTwilioMessage(changes));
    expect(answer).toMatchObject({ status: 400, body: { code, status: 400, more_info: expect.any(String) } });
    expect(simulator.received()).toEqual([]);
  });

  it('refuses other credentials with 401 and code 20003, and an account that is suspended', async () => {
    const answer = await simulator.send(aTwilioMessage(), { authorization: 'Basic eA==' });
    expect(answer).toMatchObject({ status: 401, body: { code: 20003 } });
    simulator.faults.set({ account: 'suspended' });
    expect(await simulator.send(aTwilioMessage())).toMatchObject({ status: 403, body: { code: 20005 } });
    expect(await simulator.look('.json')).toMatchObject({ status: 200, body: { status: 'suspended' } });
  });
});

describe('callbacks', () => {
  it('tell of every state but the first, signed over the address and the sorted form', async () => {
    await simulator.send(withCallback());
    await simulator.flushCallbacks();
    expect(receiver.statuses()).toEqual(['queued', 'sending', 'sent', 'delivered']);
    for (const { url, headers, form } of receiver.forms) {
      const pairs = Object.keys(form)
        .sort()
        .map((name) => name + form[name]);
      const expected = createHmac('sha1', authToken)
        .update(url + pairs.join(''))
        .digest('base64');
      expect(headers['x-twilio-signature']).toBe(expected);
      expect(url).toBe(`${receiver.url}?attempt=1`);
    }
  });

  it('are posted once more when there was no connection, and not after an answer, whatever it says', async () => {
    await simulator.send(withCallback());
    receiver.answers.push('cut', 204, 500);
    await simulator.flushCallbacks();
    expect(receiver.statuses()).toEqual(['queued', 'sending', 'sent', 'delivered', 'queued']);
    expect(simulator.received()).toMatchObject([
      {
        callbackAnswers: [
          { status: 'queued', attempts: 2, outcome: 'answered' },
          { outcome: 'answered' },
          { outcome: 'answered', lastAnswer: '500' },
          { outcome: 'answered' },
        ],
      },
    ]);
  });

  it.each([
    [{ callbacks: { lose: 2 } }, ['sent', 'delivered']],
    [
      { callbacks: { double: true } },
      ['queued', 'queued', 'sending', 'sending', 'sent', 'sent', 'delivered', 'delivered'],
    ],
    [{ callbacks: { reverse: true } }, ['queued', 'sending', 'delivered', 'sent']],
    [{ results: { status: 'undelivered', errorCode: 30005 } }, ['queued', 'sending', 'sent', 'undelivered']],
    [{ results: { status: 'failed' } }, ['queued', 'sending', 'failed']],
    [{ results: { status: 'sentOnly' } }, ['queued', 'sending', 'sent']],
  ] as const)('with %j are %j', async (faults, expected) => {
    simulator.faults.set(structuredClone(faults) as object);
    await simulator.send(withCallback());
    await simulator.flushCallbacks();
    expect(receiver.statuses()).toEqual(expected);
  });
});

describe('looking up', () => {
  it('fetches by SID, with the price only some time after the end', async () => {
    const { body } = await simulator.send(aTwilioMessage());
    await simulator.flushCallbacks();
    const look = () => simulator.look(`/Messages/${body.sid}.json`);
    expect(await look()).toMatchObject({ body: { status: 'delivered', num_segments: '1', price: null } });
    now = new Date(noon.getTime() + 60_000);
    expect(await look()).toMatchObject({ body: { price: '-0.04550', price_unit: 'USD' } });
    expect(await simulator.look('/Messages/SM0.json')).toMatchObject({ status: 404, body: { code: 20404 } });
  });

  it('lists newest first in pages; a filter by date leaves out what was not sent yet', async () => {
    for (const Body of ['1', '2', '3']) await simulator.send(aTwilioMessage({ Body }));
    await simulator.send(aTwilioMessage({ To: '+420777000000' }));
    const first = await simulator.look(`/Messages.json?To=${encodeURIComponent('+420777123456')}&PageSize=2`);
    expect(first.body.messages.map(({ body }: { body: string }) => body)).toEqual(['3', '2']);
    const next = await simulator.look(first.body.next_page_uri.replace(/^.*(?=\/Messages)/, ''));
    expect(next.body).toMatchObject({ messages: [{ body: '1' }], next_page_uri: null });
    const sent = () => simulator.look('/Messages.json?DateSent%3E=2026-03-02');
    expect((await sent()).body.messages).toEqual([]);
    await simulator.flushCallbacks();
    expect((await sent()).body.messages).toHaveLength(4);
  });
});

describe('an inbound message', () => {
  it('is posted signed; STOP unsubscribes its sender until START', async () => {
    simulator.receive({ from: '+420777123456', body: 'Stop' });
    await simulator.flushCallbacks();
    expect(receiver.forms).toMatchObject([
      { form: { Body: 'Stop', From: '+420777123456', SmsStatus: 'received' } },
    ]);
    expect(await simulator.send(aTwilioMessage())).toMatchObject({ status: 400, body: { code: 21610 } });
    simulator.receive({ from: '+420777123456', body: 'START' });
    expect((await simulator.send(aTwilioMessage())).status).toBe(201);
  });
});

describe('a fault of the next send call', () => {
  it.each([
    [{ kind: 'status', status: 503 }, 503, 0],
    [{ kind: 'status', status: 500, afterTaking: true }, 500, 1],
    [{ kind: 'status', status: 429 }, 429, 0],
    [{ kind: 'emptyAnswer', afterTaking: true }, 201, 1],
  ] as const)('%j answers %i', async (fault, status, taken) => {
    simulator.faults.set({ nextSends: [fault] });
    expect((await simulator.send(aTwilioMessage())).status).toBe(status);
    expect(simulator.received()).toHaveLength(taken);
    expect((await simulator.send(aTwilioMessage())).status).toBe(201);
  });

  it.each([true, false])('cuts the connection (after taking: %s)', async (afterTaking) => {
    simulator.faults.set({ nextSends: [{ kind: 'cut', afterTaking }] });
    await expect(simulator.send(aTwilioMessage())).rejects.toThrow();
    expect(simulator.received()).toHaveLength(afterTaking ? 1 : 0);
    expect(simulator.requests()).toEqual({ 'POST Messages.json': { cut: 1 } });
  });
});

describe('the state', () => {
  it('survives a restart, and callbacks that were pending are posted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twilio-'));
    const statePath = join(folder, 'twilio.sqlite');
    const first = await runTwilio({ statePath });
    await first.send(withCallback());
    await first.close();
    const second = await runTwilio({ statePath });
    await second.flushCallbacks();
    expect(receiver.statuses()).toContain('delivered');
    await second.close();
    rmSync(folder, { recursive: true });
  });

  it('is shown on a page', async () => {
    await simulator.send(aTwilioMessage({ Body: '<b>bold</b>' }));
    const page = await (await fetch(simulator.pageUrl)).text();
    expect(page).toContain('&lt;b&gt;bold');
    expect(page).toContain('Twilio simulator');
  });
});
