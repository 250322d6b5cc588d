import { describe, expect, test } from 'vitest';
import { readReports } from './read-reports.ts';

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
    expect(readReports([delivered], null).reports).toEqual([
      {
        attemptId: attempt,
        result: 'delivered',
        failureCode: null,
        detail: '[0] Delivered',
        occurredAt: new Date(1_700_000_000_000),
        providerMessageId: 'm-0',
        parts: 2,
        costMicros: 850_000n,
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
    const { reports, ignored } = readReports([inbound, null, 7, { result: 'delivered' }, delivered], null);
    expect(reports).toHaveLength(1);
    expect(ignored).toBe(4);
  });

  test.each([{ timestamp: 1e17 }, { timestamp: -1 }])('ignores %j beside a good event', (change) => {
    expect(readReports([{ ...delivered, ...change }, delivered], null)).toMatchObject({
      reports: [{ result: 'delivered' }],
      ignored: 1,
    });
  });

  test('keeps what can be kept of an event with senseless numbers or NUL in its text', () => {
    const { reports } = readReports([{ ...delivered, result_info: 'a\0b', sms: { count: 3e9 } }], null);
    expect(reports).toMatchObject([{ detail: 'ab', parts: null }]);
  });

  test('takes the attempt from the callback address when a lone event lost its payload', () => {
    const { payload: _, ...bare } = delivered;
    expect(readReports([bare], attempt).reports[0]?.attemptId).toBe(attempt);
  });

  test('does not guess whose event of several lost its payload', () => {
    const { payload: _, ...bare } = delivered;
    expect(readReports([bare, delivered], attempt).reports).toHaveLength(1);
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
    expect(readReports([event], null).reports[0]?.failureCode).toBe(failureCode);
  });

  test('reads "seen" as delivered', () => {
    expect(readReports([{ ...delivered, result: 'seen' }], null).reports[0]?.result).toBe('delivered');
  });
});
