import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, commonConfig, configTypes, readConfig } from './config.ts';

const Config = z.object({ ...commonConfig, PORT: configTypes.port.default(4000) });

const fitting = {
  DATABASE_URL: 'postgres://app@localhost/tollgate',
  QUEUE_URL: 'redis://localhost:6379',
  MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
};

function mistakesOf(environment: Record<string, string | undefined>): string[] {
  try {
    readConfig(Config, environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').slice(1);
  }
}

describe('a configuration', () => {
  test('that fits is read with its defaults', () => {
    expect(readConfig(Config, fitting)).toMatchObject({
      TOLLGATE_MODE: 'live',
      QUEUE_PREFIX: 'tollgate',
      MASTER_KEY: Buffer.alloc(32, 1),
      PORT: 4000,
      LOG_LEVEL: 'info',
    });
  });

  test('names every mistake at once, one a line', () => {
    const mistakes = mistakesOf({
      DATABASE_URL: 'mysql://localhost',
      MASTER_KEY: 'short',
      PORT: '70000',
      TOLLGATE_MODE: 'production',
    });
    expect(mistakes.map((line) => line.trim().split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'MASTER_KEY',
      'PORT',
      'QUEUE_URL',
      'TOLLGATE_MODE',
    ]);
  });

  test('says what is missing and what it should look like', () => {
    expect(mistakesOf({ ...fitting, DATABASE_URL: undefined })).toEqual([
      '  DATABASE_URL: is missing: an address that starts with postgres:// or postgresql://',
    ]);
  });

  test('takes a blank line as a missing one', () => {
    expect(mistakesOf({ ...fitting, DATABASE_URL: '' })).toEqual(
      mistakesOf({ ...fitting, DATABASE_URL: undefined }),
    );
    expect(readConfig(Config, { ...fitting, PORT: '', LOG_LEVEL: '' })).toMatchObject({
      PORT: 4000,
      LOG_LEVEL: 'info',
    });
  });

  test('never repeats a secret in its mistakes', () => {
    const secret = 'c2VjcmV0LXZhbHVl';
    expect(mistakesOf({ ...fitting, MASTER_KEY: secret }).join()).not.toContain(secret);
    expect(mistakesOf({ ...fitting, DATABASE_URL: `mysql://u:${secret}@h/d` }).join()).not.toContain(secret);
  });

  test.each(['redis://h', 'rediss://h', 'postgres://h/d', 'postgresql://h/d'])('takes %s as queue', (url) => {
    expect(mistakesOf({ ...fitting, QUEUE_URL: url })).toEqual([]);
  });
});
