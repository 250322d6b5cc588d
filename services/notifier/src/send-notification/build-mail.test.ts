import type { ClaimedNotification } from '@tollgate/shared/notifications/claim-notification.ts';
import { expect, test } from 'vitest';
import { ZodError } from 'zod';
import { buildMail } from './build-mail.ts';

const from = { name: 'Tollgate', address: 'billing@mail.example.com' };
const notification: ClaimedNotification = {
  id: '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e',
  tenantId: '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4f',
  kind: 'usage_summary',
  recipient: 'owner@bookshop.example',
  content: {
    tenantName: 'Bookshop',
    timeZone: 'Europe/Prague',
    firstDay: '2026-11-01',
    lastDay: '2026-11-30',
    currency: 'CZK',
    messages: '1',
    segments: '1',
    usage: '1.50',
    owed: '0.00',
    document: 'statement',
    lines: [],
  },
  createdAt: new Date('2026-12-01T04:00:00Z'),
  attempts: 1,
};

test('a mail is known by its notification, whichever attempt it is', () => {
  const mail = buildMail(notification, from);
  expect(mail).toMatchObject({
    messageId: '<019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e@mail.example.com>',
    date: new Date('2026-12-01T04:00:00Z'),
    recipient: 'owner@bookshop.example',
    headers: {
      'X-Tollgate-Notification': '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e',
      'Auto-Submitted': 'auto-generated',
    },
  });
  expect(buildMail({ ...notification, attempts: 5 }, from)).toEqual(mail);
});

test.each([
  ['a kind that nobody knows', { kind: 'newsletter' }],
  ['an amount that is none', { content: { ...(notification.content as object), usage: 'a lot' } }],
  ['a currency that is none', { content: { ...(notification.content as object), currency: 'crowns' } }],
])('%s is refused, not half written', (_what, overrides) => {
  expect(() => buildMail({ ...notification, ...overrides }, from)).toThrow(ZodError);
});
