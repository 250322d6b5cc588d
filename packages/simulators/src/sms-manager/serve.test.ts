import { describe, expect, it } from 'vitest';
import { apiKey, noon, runSimulator } from '../testing/run-simulator.ts';
import { startSmsManagerSimulator } from './start-sms-manager-simulator.ts';

describe('starting', () => {
  it('serves both hosts of the provider and the page on one port', async () => {
    const simulator = await runSimulator();
    const origins = [simulator.baseUrl, simulator.restUrl, simulator.pageUrl].map(
      (url) => new URL(url).origin,
    );
    expect(new Set(origins).size).toBe(1);
    await simulator.close();
  });

  it('fails when the port is taken', async () => {
    const simulator = await runSimulator();
    const port = Number(new URL(simulator.baseUrl).port);
    const second = startSmsManagerSimulator({ apiKey, now: () => noon, port });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await simulator.close();
  });
});
