import { expect, test } from 'vitest';
import { buildMail } from './build-mail.ts';

const from = { name: 'Tollgate', address: 'billing@mail.example.com' };
const notification = {
  id: '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e',
  recipient: 'owner@bookshop.example',
  createdAt: new Date('2026-12-01T04:00:00Z'),
};

const summary = {
  kind: 'usage_summary' as const,
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
    document: 'statement' as const,
    lines: [],
  },
};

test('a mail is known by its notification, whichever attempt it is', () => {
  const mail = buildMail(notification, summary, [], from);
  expect(mail).toMatchObject({
    messageId: '<019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e@mail.example.com>',
    date: new Date('2026-12-01T04:00:00Z'),
    recipient: 'owner@bookshop.example',
    headers: {
      'X-Tollgate-Notification': '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e',
      'Auto-Submitted': 'auto-generated',
    },
  });
});
