import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { choosePorts, isAnyTaken } from './choose-ports.ts';

test('where no particular ports are wanted, any free ones are chosen, each once', async () => {
  const ports = await choosePorts(false);
  expect(new Set(Object.values(ports)).size).toBe(6);
  expect(await isAnyTaken(ports)).toBe(false);
});

test('a chosen port that somebody takes is noticed', async () => {
  const ports = await choosePorts(false);
  const server = createServer().listen(ports.mailPagePort, '127.0.0.1');
  await once(server, 'listening');
  expect(await isAnyTaken(ports)).toBe(true);
  server.close();
});
