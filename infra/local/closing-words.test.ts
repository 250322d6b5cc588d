import { expect, test } from 'vitest';
import { describeAccess, describeMonthEnd, describePassword, describeVerdict } from './closing-words.ts';
import { plain } from './terminal/colours.ts';

const access = {
  operatorEmail: 'operator@tollgate.example',
  operatorPassword: 'secret',
  secretsFile: '.tollgate/secrets.json',
  tenant: 'Hotel',
  apiKey: 'tg_live_x',
};

test('the password is shown when it was made now, and else only where it is', () => {
  expect(describePassword(access)).toContain('password secret');
  expect(describePassword({ ...access, operatorPassword: null })).toBe(
    'the password was printed at the first start; it is in .tollgate/secrets.json',
  );
});

test('the command to try has address and key in it', () => {
  const words = describeAccess(
    {
      apiUrl: 'http://127.0.0.1:3000',
      smsManagerUrl: 'http://127.0.0.1:3001',
      stripeUrl: 'http://127.0.0.1:3002',
      mailPageUrl: 'http://127.0.0.1:3003',
      twilioUrl: 'http://127.0.0.1:3004',
      smtpUrl: 'smtp://127.0.0.1:3004',
    },
    access,
    plain,
  ).join('\n');
  expect(words).toContain(
    `curl http://127.0.0.1:3000/v1/sms/send -H 'Authorization: Bearer tg_live_x' -H 'Content-Type: application/json'`,
  );
  for (const address of ['3000/admin/queues', '3001/', '3002/', '3003/']) {
    expect(words).toContain(`http://127.0.0.1:${address}`);
  }
});

test('the verdict names what is wrong', () => {
  const verdict = { succeeded: false, summary: 'nothing', remarks: ['by the way'], reasons: ['because'] };
  expect(describeVerdict(verdict, plain)).toEqual(['✗ nothing', '  by the way', '  because']);
});

test('proven books are one line, after the ways of the messages', () => {
  const traces = { lines: ['Hotel: accepted → sent'], reasons: [] };
  expect(describeMonthEnd({ isProven: true, books: '20 checks, no discrepancy' }, traces, plain)).toEqual([
    '  Hotel: accepted → sent',
    '✓ books: 20 checks, no discrepancy',
  ]);
});

test('a month-end that failed, and a message that stopped on its way, say why', () => {
  const monthEnd = { isProven: false, reason: 'invoice paid: it is issued' } as const;
  expect(describeMonthEnd(monthEnd, { lines: [], reasons: ['Hotel: msg_1 stopped'] }, plain)).toEqual([
    '✗ the month did not end as it should',
    '  invoice paid: it is issued',
    '  Hotel: msg_1 stopped',
  ]);
  const books = { isProven: true, books: '20 checks, no discrepancy' } as const;
  expect(describeMonthEnd(books, { lines: [], reasons: ['Hotel: msg_1 stopped'] }, plain)[0]).toMatch(/^✗/);
});
