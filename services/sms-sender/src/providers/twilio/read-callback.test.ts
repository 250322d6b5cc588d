import { describe, expect, test } from 'vitest';
import { readCallback } from './read-callback.ts';
import { readMessage, type TwilioMessage } from './read-message.ts';

const attempt = '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e';
const receivedAt = new Date('2026-03-10T09:00:00Z');
const read = (form: Record<string, string>, of: string | null = attempt) =>
  readCallback(new URLSearchParams(form).toString(), { attempt: of, receivedAt });

describe('a callback', () => {
  test.each([
    ['queued', undefined, 'sending', null],
    ['sent', undefined, 'sent', null],
    ['delivered', undefined, 'delivered', null],
    ['undelivered', '30005', 'undelivered', 'invalid_recipient'],
    ['undelivered', '12345', 'undelivered', 'provider_undelivered'],
    ['undelivered', 'none', 'undelivered', 'provider_undelivered'],
    ['failed', '21610', 'failed', 'recipient_opted_out'],
    ['failed', undefined, 'failed', 'provider_failed'],
    ['canceled', undefined, 'failed', 'provider_failed'],
    ['failed', '30002', 'rejected', 'provider_credit'],
  ])('of %s with code %s is %s, %s', (MessageStatus, ErrorCode, result, failureCode) => {
    const form = { MessageSid: 'SM1', MessageStatus, Something: 'new', ...(ErrorCode ? { ErrorCode } : {}) };
    expect(read(form)).toMatchObject({
      reports: [
        { attemptId: attempt, providerMessageId: 'SM1', occurredAt: receivedAt, result, failureCode },
      ],
      ignored: 0,
    });
  });

  test('without an attempt, or of a state that is new to us, is ignored', () => {
    const form = { MessageSid: 'SM1', MessageStatus: 'sent' };
    expect(read(form, null)).toMatchObject({ reports: [], ignored: 1 });
    expect(read({ ...form, MessageStatus: 'teleported' })).toMatchObject({ reports: [], ignored: 1 });
    expect(readCallback('{"a":1}', { attempt, receivedAt })).toMatchObject({ reports: [], ignored: 1 });
  });

  test('of what somebody wrote names its sender and its words', () => {
    const form = { SmsStatus: 'received', MessageSid: 'SM1', From: '+420777123456', Body: 'STOP' };
    expect(read(form, null).inbound).toEqual([{ attemptId: null, from: '+420777123456', body: 'STOP' }]);
  });
});

describe('a message’s resource', () => {
  const resource: TwilioMessage = {
    sid: 'SM1',
    status: 'delivered',
    to: '+420777123456',
    body: 'x',
    direction: 'outbound-api',
    date_created: 'Tue, 10 Mar 2026 09:00:00 +0000',
    date_sent: 'Tue, 10 Mar 2026 09:00:01 +0000',
    date_updated: 'Tue, 10 Mar 2026 09:00:05 +0000',
    num_segments: '2',
    price: '-0.09100',
    price_unit: 'USD',
  };

  test('stands for the states before its own, with parts and cost', () => {
    expect(readMessage(resource, attempt)).toMatchObject({
      kind: 'found',
      cost: { parts: 2, micros: 91_000n, currency: 'USD' },
      reports: [
        { result: 'sent', occurredAt: new Date('2026-03-10T09:00:01Z') },
        { result: 'delivered', parts: 2, costMicros: 91_000n, costCurrency: 'USD' },
      ],
    });
  });

  test('that has no price yet tells none', () => {
    const found = readMessage({ ...resource, price: null }, attempt);
    expect(found).not.toHaveProperty('cost');
    expect(found).toMatchObject({ reports: [{}, { parts: 2, costMicros: null, costCurrency: null }] });
  });
});
