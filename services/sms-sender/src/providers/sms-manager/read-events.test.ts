import { describe, expect, test } from 'vitest';
import { readEvents } from './read-events.ts';

const attempt = '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e';
const delivered = {
  request_id: 'r',
  message_id: 'm-0',
  gateway: 'sms',
  timestamp: 1_700_000_000,
  payload: { attempt },
  type: 'outgoing',
  to: { phone_number: '420777123456' },
  result: 'delivered',
  result_info: '[0] Delivered',
  sms: { gateway: 'high', country: 230, operator: 2, price_czk: 0.85, price_eur: 0.034, count: 2 },
};

describe('a webhook of reports', () => {
  test('is read with its instant, parts and cost', () => {
    expect(readEvents([delivered], null).reports).toEqual([
      {
        attemptId: attempt,
        result: 'delivered',
        failureCode: null,
        detail: '[0] Delivered',
        occurredAt: new Date(1_700_000_000_000),
        providerMessageId: 'm-0',
        parts: 2,
        costMicros: 850_000n,
        costCurrency: 'CZK',
      },
    ]);
  });

  test('may mix reports with inbound messages and rubbish, which do not spoil it', () => {
    const inbound = {
      type: 'incoming',
      sender: '420777000000',
      recipient: '420600',
      timestamp: 1,
      body: 'STOP',
    };
    const read = readEvents([inbound, null, 7, { result: 'delivered' }, delivered], null);
    expect(read).toMatchObject({
      reports: [{ result: 'delivered' }],
      inbound: [{ body: 'STOP' }],
      ignored: 3,
    });
  });

  test.each([{ timestamp: 1e17 }, { timestamp: -1 }])('ignores %j beside a good event', (change) => {
    expect(readEvents([{ ...delivered, ...change }, delivered], null)).toMatchObject({
      reports: [{ result: 'delivered' }],
      ignored: 1,
    });
  });

  test('keeps what can be kept of an event with senseless numbers or NUL in its text', () => {
    const { reports } = readEvents([{ ...delivered, result_info: 'a\0b', sms: { count: 3e9 } }], null);
    expect(reports).toMatchObject([{ detail: 'a\ufffdb', parts: null }]);
  });

  test('takes the attempt from the callback address when a lone event lost its payload', () => {
    const { payload: _, ...bare } = delivered;
    expect(readEvents([bare], attempt).reports[0]?.attemptId).toBe(attempt);
  });

  test('does not guess whose event of several lost its payload', () => {
    const { payload: _, ...bare } = delivered;
    expect(readEvents([bare, delivered], attempt).reports).toHaveLength(1);
  });

  test.each([
    ['[302] Invalid phone number format', 'invalid_recipient'],
    ['[303]', 'recipient_not_allowed'],
    ['[304] blacklisted', 'recipient_blocked'],
    ['[306]', 'too_many_identical'],
    ['[307] Insufficient credit', 'provider_credit'],
    ['Unauthorized error', 'provider_rejected'],
    [undefined, 'provider_rejected'],
  ])('names the failure of %s', (result_info, failureCode) => {
    const event = { ...delivered, result: 'rejected', result_info, sms: undefined };
    expect(readEvents([event], null).reports[0]?.failureCode).toBe(failureCode);
  });

  test('reads "seen" as delivered', () => {
    expect(readEvents([{ ...delivered, result: 'seen' }], null).reports[0]?.result).toBe('delivered');
  });

  test.each([
    [{ payload: { attempt } }, null, attempt],
    [{}, attempt, attempt],
    [{}, null, null],
  ])('knows which hand-over an inbound message replies to: %j, address %j', (named, ofUrl, attemptId) => {
    const inbound = { type: 'incoming', sender: '420777000000', recipient: '420600', body: 'Stop', ...named };
    expect(readEvents([inbound], ofUrl).inbound).toEqual([
      { attemptId, from: '+420777000000', to: '+420600', body: 'Stop' },
    ]);
  });

  test.each([{ sender: '777' }, { sender: 'Bank' }, { body: 7 }])(
    'ignores an inbound message with %j',
    (change) => {
      const inbound = {
        type: 'incoming',
        sender: '420777000000',
        recipient: '420600',
        body: 'Stop',
        ...change,
      };
      expect(readEvents([inbound], null)).toMatchObject({ inbound: [], ignored: 1 });
    },
  );
});
