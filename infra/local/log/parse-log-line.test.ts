import { expect, test } from 'vitest';
import { isAlarming, parseLogLine } from './parse-log-line.ts';

test('a line of a service is taken apart, without what the log says elsewhere', () => {
  const text =
    '{"level":"warn","time":"2026-03-01T10:00:00.000Z","service":"api","traceId":"a","status":409,"msg":"no"}';
  expect(parseLogLine(text)).toEqual({
    time: new Date('2026-03-01T10:00:00Z'),
    level: 'warn',
    message: 'no',
    fields: { status: 409 },
  });
});

test('a line without level or time is news of now', () => {
  expect(parseLogLine('{"msg":"listening"}')).toEqual({
    time: null,
    level: 'info',
    message: 'listening',
    fields: {},
  });
});

test.each(['', 'Error: boom', '{"level":"info"', '{"level":"info"}', '[]'])('%j is no log line', (text) => {
  expect(parseLogLine(text)).toBeNull();
});

test('warnings and errors are alarming', () => {
  expect((['debug', 'info', 'warn', 'fatal'] as const).filter(isAlarming)).toEqual(['warn', 'fatal']);
});
