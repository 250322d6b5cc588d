import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface Site {
  /** Scheme, host and port. */
  origin: string;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/** Serves an application; port 0 takes any free one. Rejects when the address cannot be had. */
export async function serve(app: Express, { host, port }: { host: string; port: number }): Promise<Site> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const server = app.listen(port, host);
  server.once('listening', () => resolve(server)).once('error', reject);
  await promise;
  const { port: taken } = server.address() as AddressInfo;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () => closeServer(server),
  };
}

// Calls that hang on purpose would keep a polite close waiting for ever.
function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
