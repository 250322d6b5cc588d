import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type FaultSwitches, takeMailFault } from './faults/fault-switches.ts';
import type { MailFault } from './faults/faults.ts';

const sizeBytesMax = 25 * 1024 * 1024;
const idleMaxMs = 10 * 60 * 1000;

type Reply = (error?: Error | null) => void;

export interface ListenForMailDeps {
  host: string;
  port: number;
  faults: FaultSwitches;
  /** Keeps a mail; resolves before it counts as accepted. */
  accept: (raw: Uint8Array, from: string, to: string[]) => Promise<void>;
  onFault: (fault: MailFault['kind']) => void;
  onError: (error: unknown) => void;
}

export interface MailListener {
  port: number;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/** Listens for mail from anybody, with or without a password. Rejects when the address cannot be had. */
export async function listenForMail(deps: ListenForMailDeps): Promise<MailListener> {
  const sockets = new Map<number, Socket>();
  const faultOf = new Map<string, MailFault | undefined>();
  const smtp = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: sizeBytesMax,
    socketTimeout: idleMaxMs,
    closeTimeout: 1,
    onAuth: ({ username }, _session, callback) => callback(null, { user: username ?? 'anybody' }),
    onMailFrom: (_address, session, callback) => {
      faultOf.set(session.id, takeMailFault(deps.faults));
      callback();
    },
    onRcptTo: (_address, session, callback) => callback(refusalAt('recipient', faultOf.get(session.id))),
    onData: (stream, session, callback) => {
      const socket = sockets.get(session.remotePort);
      receive(deps, stream, session, faultOf.get(session.id), socket, callback).catch(deps.onError);
    },
    onClose: (session) => void faultOf.delete(session.id),
  });
  smtp.on('error', () => {});
  smtp.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  smtp.server.once('error', reject);
  smtp.listen(deps.port, deps.host, resolve);
  await promise;
  return {
    port: (smtp.server.address() as AddressInfo).port,
    close: () => {
      const closed = new Promise<void>((done) => smtp.close(() => done()));
      for (const socket of sockets.values()) socket.destroy();
      return closed;
    },
  };
}

async function receive(
  deps: ListenForMailDeps,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  fault: MailFault | undefined,
  socket: Socket | undefined,
  reply: Reply,
): Promise<void> {
  const raw = await buffer(stream);
  if (fault !== undefined) deps.onFault(fault.kind);
  if (stream.sizeExceeded) return reply(smtpError(552, 'Message is too large'));
  const refusal = refusalAt('data', fault);
  if (refusal !== null) return reply(refusal);
  const breaksOff = fault?.kind === 'cut' || fault?.kind === 'hang';
  if (!breaksOff || fault.afterAccepting) {
    const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    await deps.accept(
      raw,
      from,
      envelope.rcptTo.map(({ address }) => address),
    );
  }
  if (fault?.kind === 'cut') socket?.destroy();
  if (!breaksOff) reply();
}

function refusalAt(place: 'recipient' | 'data', fault: MailFault | undefined): Error | null {
  if (fault?.kind !== 'refuse' || fault.at !== place) return null;
  return smtpError(fault.code, fault.message ?? (fault.code < 500 ? 'Try again later' : 'Refused'));
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
