import { describe, expect, test } from 'vitest';
import { collectingLogger } from '../testing/collecting-logger.ts';
import { startTelemetry } from './telemetry.ts';
import { currentTraceId, inSpan } from './trace.ts';

await startTelemetry({ serviceName: 'test', endpoint: undefined });

describe('a log line', () => {
  test.each([
    ['a message body', { body: 'SECRET' }],
    ['a body in a message', { message: { body: 'SECRET' } }],
    ['a body in a list of messages', { messages: [{ body: 'SECRET' }] }],
    ['a whole number', { recipient: 'SECRET' }],
    ['a number in a message', { message: { to: 'SECRET' } }],
    ['a password', { operator: { password: 'SECRET' } }],
    ['an API key', { apiKey: 'SECRET' }],
    ['an authorization header', { req: { headers: { authorization: 'Bearer SECRET' } } }],
    ['a cookie', { headers: { cookie: 'session=SECRET' } }],
    ['a token', { token: 'SECRET' }],
  ])('never holds %s', (_, logged) => {
    const { logger, text } = collectingLogger();
    logger.info(logged, 'logged');
    expect(text()).toContain('[redacted]');
    expect(text()).not.toContain('SECRET');
  });

  test('carries the trace id of what was running', async () => {
    const { logger, lines } = collectingLogger();
    const traceId = await inSpan('work', {}, async () => {
      logger.info('inside');
      return currentTraceId();
    });
    logger.info('outside');
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(lines()[0]).toMatchObject({ msg: 'inside', traceId });
    expect(lines()[1]).not.toHaveProperty('traceId');
  });

  test('is one JSON object with level, service and an ISO time', () => {
    const { logger, lines } = collectingLogger();
    logger.warn('careful');
    expect(lines()).toEqual([
      {
        level: 'warn',
        service: 'test',
        msg: 'careful',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ]);
  });
});
