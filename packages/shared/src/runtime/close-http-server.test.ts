import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { closeHttpServer } from './close-http-server.ts';

test('a server closes although a client never lets its connection rest, and answers what it was asked', async () => {
  let requests = 0;
  let closed: Promise<void> | undefined;
  const server = createServer((_request, response) => {
    requests += 1;
    if (requests === 3) closed = closeHttpServer(server);
    response.end('answer');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  let answers = 0;
  const askForEver = async () => {
    for (;;) {
      const [response] = (await once(get({ host: '127.0.0.1', port, agent }), 'response')) as [
        IncomingMessage,
      ];
      answers += 1;
      response.resume();
      await once(response, 'end');
    }
  };
  await expect(askForEver()).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
  await closed;
  expect(answers).toBe(requests);
  expect(answers).toBeGreaterThanOrEqual(3);
  agent.destroy();
}, 5_000);
