import { describe, expect, test } from 'vitest';
import { classifyFailure, type SmtpFailure } from './classify-failure.ts';

const replied = (replyCode: number, command: string): SmtpFailure => ({
  errorCode: 'EENVELOPE',
  replyCode,
  reply: `${replyCode} as the server put it`,
  command,
});

describe('a failed hand-over', () => {
  test.each(['MAIL FROM', 'RCPT TO', 'DATA'])('with 5yz to %s is final', (command) => {
    for (const code of [500, 501, 521, 550, 552, 553, 554, 571]) {
      expect(classifyFailure(replied(code, command))).toEqual({
        kind: 'refused',
        code: `smtp_${code}`,
        detail: `${code} as the server put it`,
      });
    }
  });

  test.each(['CONN', 'EHLO', 'AUTH PLAIN', 'MAIL FROM', 'RCPT TO', 'DATA'])(
    'with 4yz to %s is worth another attempt',
    (command) => {
      for (const code of [421, 432, 450, 451, 452, 454]) {
        expect(classifyFailure(replied(code, command))).toMatchObject({
          kind: 'deferred',
          code: `smtp_${code}`,
        });
      }
    },
  );

  test.each([
    ['CONN', 554],
    ['CONN', 521],
    ['EHLO', 550],
    ['STARTTLS', 502],
    ['AUTH PLAIN', 535],
    ['AUTH LOGIN', 534],
    ['MAIL FROM', 530],
    ['RCPT TO', 503],
  ])('that speaks of us (%s: %i) does not bury the mail', (command, code) => {
    expect(classifyFailure(replied(code, command)).kind).toBe('deferred');
  });

  test.each(['ECONNREFUSED', 'ECONNECTION', 'ETIMEDOUT', 'EDNS', 'ETLS', 'EABORT', 'ECONNRESET'])(
    'without a reply (%s) is worth another attempt',
    (errorCode) => {
      const failure = { errorCode, replyCode: null, reply: null, command: 'CONN' };
      expect(classifyFailure(failure)).toEqual({
        kind: 'deferred',
        code: errorCode,
        detail: `no reply (${errorCode})`,
      });
    },
  );

  test.each(['EENVELOPE', 'EMESSAGE'])('before the mail was given (%s) is final', (errorCode) => {
    const failure = { errorCode, replyCode: null, reply: null, command: 'API' };
    expect(classifyFailure(failure)).toMatchObject({ kind: 'refused', code: errorCode });
  });

  test('keeps no more than 300 characters of what the server said', () => {
    const outcome = classifyFailure({ ...replied(550, 'DATA'), reply: `550 ${'no '.repeat(1_000)}` });
    expect(outcome).toMatchObject({ detail: expect.stringMatching(/^550 .{296}$/) });
  });
});
