import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkHealth, startHealthServer } from './health.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('the health of a service', () => {
  test('is ok when every check passes', async () => {
    expect(await checkHealth({ database: async () => undefined, queue: async () => undefined })).toEqual({
      status: 'ok',
      checks: { database: 'ok', queue: 'ok' },
    });
  });

  test('is failing when one check fails, and says which and why', async () => {
    const checks = { database: async () => undefined, queue: () => Promise.reject(new Error('refused')) };
    expect(await checkHealth(checks)).toEqual({
      status: 'failing',
      checks: { database: 'ok', queue: 'refused' },
    });
  });

  test('does not wait for a check that hangs', async () => {
    vi.useFakeTimers();
    const report = checkHealth({ database: () => new Promise<void>(() => undefined) });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await report).toEqual({ status: 'failing', checks: { database: 'no answer within 3000 ms' } });
  });
});

describe('the health server', () => {
  test('is live whatever its dependencies do, and ready only when they answer', async () => {
    let isAway = true;
    const checks = { database: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()) };
    const server = await startHealthServer({ port: 0, host: '127.0.0.1', checks });
    try {
      const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
      expect([await statusOf('/health/live'), await statusOf('/health/ready')]).toEqual([200, 503]);
      isAway = false;
      expect(await statusOf('/health/ready')).toBe(200);
    } finally {
      await server.close();
    }
  });
});
