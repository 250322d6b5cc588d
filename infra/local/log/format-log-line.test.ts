import { expect, test } from 'vitest';
import { choosePaint, plain } from '../terminal/colours.ts';
import { formatLogLine, formatOtherLine } from './format-log-line.ts';

const now = new Date(2026, 2, 1, 9, 5, 7, 42);

test('a line reads time, service, level, message, fields', () => {
  const line = {
    time: now,
    level: 'info' as const,
    message: 'ready',
    fields: { port: 3000, mode: 'sandbox' },
  };
  expect(formatLogLine('api', line, now, plain)).toBe(
    '09:05:07.042 api        info  ready port=3000 mode=sandbox',
  );
});

test('of many fields and long values the beginning is shown, on one line', () => {
  const fields = { a: 'x y', b: 'l'.repeat(100), c: { d: 1 }, e: null, f: true, g: 'g', h: 'unseen' };
  const text = formatLogLine('api', { time: null, level: 'warn', message: 'm', fields }, now, plain);
  expect(text).toContain('a="x y"');
  expect(text).toContain(`b=${'l'.repeat(80)}…`);
  expect(text).toMatch(/f=true g=g …$/);
});

test('of an error the message is shown', () => {
  const fields = { err: { type: 'Error', message: 'no\nluck', stack: 'Error: no luck\n at x' } };
  const text = formatLogLine('api', { time: now, level: 'error', message: 'm', fields }, now, plain);
  expect(text).toMatch(/err="no luck"$/);
});

test('other text is passed through', () => {
  expect(formatOtherLine('sms-sender', '    at boom', now, plain)).toBe(
    '09:05:07.042 sms-sender     at boom',
  );
});

test('each service has a colour of its own', () => {
  const paint = choosePaint(true, {});
  const [api, sender] = ['api', 'sms-sender'].map((name) => formatOtherLine(name, '', now, paint));
  expect(api).toContain('\u001b[36mapi');
  expect(sender).toContain('\u001b[35msms-sender');
});
