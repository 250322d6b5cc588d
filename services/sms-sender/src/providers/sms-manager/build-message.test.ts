import { describe, expect, test } from 'vitest';
import type { Submission } from '../sms-provider.ts';
import { buildMessage } from './build-message.ts';

const submission: Submission = {
  attemptId: '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e',
  recipient: '+420777123456',
  sender: null,
  body: 'Ahoj',
  encoding: 'gsm7',
  category: 'transactional',
  mode: 'live',
  notAfter: new Date('2026-11-21T10:00:30Z'),
};

describe('the provider’s message', () => {
  test('carries the attempt in payload, tag and callback', () => {
    const message = buildMessage(submission, 'https://example.com/hook');
    expect(message.payload).toEqual({ attempt: submission.attemptId });
    expect(message.tag).toBe(`transactional,tg-${submission.attemptId}`);
    expect(message.callback).toBe(`https://example.com/hook?attempt=${submission.attemptId}`);
  });

  test('gives the number in full without plus, so that it is not read as a national one', () => {
    expect(buildMessage(submission, null).to).toEqual([{ phone_number: '420777123456' }]);
  });

  test.each([
    ['gsm7', 'sms'],
    ['ucs2', 'utf'],
  ] as const)('of a %s text says type %s, so that no default decides', (encoding, type) => {
    expect(buildMessage({ ...submission, encoding }, null).flow[0].sms.type).toBe(type);
  });

  test('of a test key goes to the test gateway, of a live key to the account’s own', () => {
    expect(buildMessage({ ...submission, mode: 'test' }, null).flow[0].sms.gateway).toBe('test');
    expect(buildMessage(submission, null).flow[0].sms).not.toHaveProperty('gateway');
  });

  test('never falls into the promotional queue by omission', () => {
    for (const category of ['promotional', 'transactional', 'priority'] as const) {
      expect(buildMessage({ ...submission, category }, null).tag.split(',')[0]).toBe(category);
    }
  });
});
