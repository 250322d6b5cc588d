import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** What the server does with one mail, other than taking it. */
export type Misbehaviour =
  | { refuseRecipient: number }
  | { refuseMail: number }
  /** It has read the mail and goes away without a reply. */
  | 'cut'
  /** It replies after this. */
  | { waitFor: Promise<void> }
  | { waitFor: Promise<void>; thenRefuse: number };

export type MailServer = Awaited<ReturnType<typeof startMailServer>>;

/** A real SMTP server in this process that keeps what it reads. */
export async function startMailServer() {
  const taken: Email[] = [];
  const read: Email[] = [];
  const misbehaviours: Misbehaviour[] = [];
  const sockets = new Set<Socket>();
  let port = 0;
  let server: SMTPServer;

  async function start(): Promise<void> {
    server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 1,
      onRcptTo(_address, _session, reply) {
        const [next] = misbehaviours;
        if (typeof next !== 'object' || !('refuseRecipient' in next)) return reply();
        misbehaviours.shift();
        reply(refusal(next.refuseRecipient));
      },
      async onData(stream, _session, reply) {
        const mail = await PostalMime.parse(await buffer(stream));
        read.push(mail);
        const next = misbehaviours.shift();
        if (next === 'cut') {
          for (const socket of sockets) socket.destroy();
          return;
        }
        if (next && 'waitFor' in next) await next.waitFor;
        const code =
          next && ('refuseMail' in next ? next.refuseMail : 'thenRefuse' in next && next.thenRefuse);
        if (code) return reply(refusal(code));
        taken.push(mail);
        reply();
      },
    });
    // A client that is cut off is no failure of the server.
    server.on('error', () => undefined);
    server.server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    port = (server.server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await start();
  return {
    url: `smtp://127.0.0.1:${port}`,
    /** Mails it replied "taken" to, as a mailbox would show them. */
    taken,
    /** Mails it read to their end, whatever it replied. */
    read,
    /** For the next mails, in order; mails after them are taken. */
    misbehave: (...next: Misbehaviour[]) => void misbehaviours.push(...next),
    stop,
    /** Again, at the same address. */
    start,
  };
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error(`the test refuses with ${responseCode}`), { responseCode });
}
