import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Gate, startGate } from './gate.ts';

const server = createServer((request, response) => {
  if (request.url !== '/hangs') response.end('answer');
});
let gate: Gate;

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  gate = await startGate(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  await gate.shut();
  server.closeAllConnections();
  server.close();
});

const ask = async (path = '/') => (await fetch(gate.url + path)).text();

describe('a gate', () => {
  test('that is open lets everything through', async () => {
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['answer', 'answer', 'answer']);
  });

  test('that is shut cuts who is through and refuses who comes, until it is opened again', async () => {
    const hanging = ask('/hangs');
    await once(server, 'request');
    await Promise.all([gate.shut(), expect(hanging).rejects.toThrow('fetch failed')]);
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await gate.open();
    expect(await ask()).toBe('answer');
  });

  test('that is slow delays both ways, and no longer when it is fast again', async () => {
    gate.slow(100);
    const startedMs = performance.now();
    expect(await ask()).toBe('answer');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(195);
    gate.slow(0);
    expect(await ask()).toBe('answer');
  });

  test('may be shut or opened twice', async () => {
    await gate.shut();
    await gate.shut();
    await gate.open();
    await gate.open();
    expect(await ask()).toBe('answer');
  });
});
