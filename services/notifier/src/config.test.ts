import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { describe, expect, test } from 'vitest';
import { NotifierConfig } from './config.ts';

const given = {
  DATABASE_URL: 'postgres://localhost/tollgate',
  QUEUE_URL: 'redis://localhost',
  MASTER_KEY: Buffer.alloc(32).toString('base64'),
  SMTP_URL: 'smtps://user:password@mail.example.com',
  MAIL_FROM: 'Tollgate <billing@example.com>',
};

describe('the notifier’s configuration', () => {
  test.each([
    ['billing@example.com', { name: '', address: 'billing@example.com' }],
    ['Tollgate <billing@example.com>', { name: 'Tollgate', address: 'billing@example.com' }],
    [
      '"Tollgate, billing" <billing@example.com>',
      { name: 'Tollgate, billing', address: 'billing@example.com' },
    ],
  ])('reads the sender %s', (MAIL_FROM, expected) => {
    expect(readConfig(NotifierConfig, { ...given, MAIL_FROM }).MAIL_FROM).toEqual(expected);
  });

  test.each(['Tollgate', 'billing@', 'Tollgate <billing>', 'a@example.com, b@example.com'])(
    'refuses %s as a sender',
    (MAIL_FROM) => {
      expect(() => readConfig(NotifierConfig, { ...given, MAIL_FROM })).toThrow(/^ {2}MAIL_FROM: /m);
    },
  );

  test.each(['https://mail.example.com', 'mail.example.com:25', 'smtp://'])(
    'refuses %s as a mail server',
    (SMTP_URL) => {
      expect(() => readConfig(NotifierConfig, { ...given, SMTP_URL })).toThrow(/^ {2}SMTP_URL: /m);
    },
  );

  test('names every mistake at once', () => {
    const { SMTP_URL, MAIL_FROM, ...common } = given;
    const read = () => readConfig(NotifierConfig, common);
    expect(read).toThrow(/^ {2}SMTP_URL: /m);
    expect(read).toThrow(/^ {2}MAIL_FROM: /m);
  });

  test.each(['smtp://127.0.0.1:2525', 'smtp://localhost', 'smtp://[::1]:2525'])(
    'takes this machine’s %s in the sandbox and live',
    (SMTP_URL) => {
      for (const TOLLGATE_MODE of ['sandbox', 'live']) {
        expect(readConfig(NotifierConfig, { ...given, TOLLGATE_MODE, SMTP_URL }).SMTP_URL).toBe(SMTP_URL);
      }
    },
  );

  test.each(['smtp://mail.example.com', 'smtp://127.example.com'])(
    'refuses %s in the sandbox: mails would really be sent',
    (SMTP_URL) => {
      const sandbox = { ...given, TOLLGATE_MODE: 'sandbox', SMTP_URL };
      expect(() => readConfig(NotifierConfig, sandbox)).toThrow('TOLLGATE_MODE is sandbox');
    },
  );
});
