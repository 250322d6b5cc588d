import type { Server } from 'node:http';

/**
 * Takes no new connection, gives each open one its last answer, and resolves when all have ended. Without the last
 * answer a client that keeps its connection busy would keep the server open for ever.
 */
export function closeHttpServer(server: Server): Promise<void> {
  server.prependListener('request', (_request, response) => void response.setHeader('Connection', 'close'));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  return promise;
}
