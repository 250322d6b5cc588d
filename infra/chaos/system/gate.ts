import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { findLastingPort } from './find-lasting-port.ts';

/** The road to a server outside, which can be closed, opened again and made slow while the server goes on. */
export type Gate = {
  /** The server's address, by way of the gate. */
  url: string;
  /** Cuts every connection and refuses new ones. Harmless when closed already. */
  shut(): Promise<void>;
  /** Lets everybody through again, at the same address. */
  open(): Promise<void>;
  /** From now on every piece of data arrives this much later, in both directions. */
  slow(delayMs: number): void;
};

/** Puts a gate on a free port of 127.0.0.1 before the server at the address, open and fast. */
export async function startGate(serverUrl: string): Promise<Gate> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let delayMs = 0;
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    const options = { port: Number(target.port), host: target.hostname, allowHalfOpen: true };
    const outgoing = connect(options);
    for (const socket of [incoming, outgoing]) keep(socket);
    void pass(incoming, outgoing);
    void pass(outgoing, incoming);
  });
  const port = await findLastingPort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  }

  async function pass(from: Socket, to: Socket): Promise<void> {
    from.on('close', () => from.readableEnded || to.destroy());
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        if (delayMs > 0) await delay(delayMs);
        if (!to.write(chunk)) await once(to, 'drain');
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  return {
    url: Object.assign(new URL(serverUrl), { port: String(port) }).href.replace(/\/$/, ''),
    async shut() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async open() {
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    slow(newDelayMs) {
      delayMs = newDelayMs;
    },
  };
}
