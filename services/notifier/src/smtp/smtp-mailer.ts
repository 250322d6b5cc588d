import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { createTransport, type NodemailerError } from 'nodemailer';
import { classifyFailure, type SmtpFailure } from './classify-failure.ts';
import type { Mailer } from './mailer.ts';

export type SmtpMailerOptions = {
  /** smtp:// or smtps://, with user and password where the server wants them. */
  url: string;
  /** How long a whole hand-over may take; shorter only where a test waits for it. */
  timeoutMs?: number;
};

/** Below the 30 s that a shutdown may take, so that a hand-over ends before its process does. */
export const SEND_TIMEOUT_MS = 25 * SECOND_MS;

/** Speaks SMTP to one server, one connection per mail: summaries are few, and no connection goes stale. */
export function createSmtpMailer({ url, timeoutMs = SEND_TIMEOUT_MS }: SmtpMailerOptions): Mailer {
  const transport = createTransport({
    url,
    dnsTimeout: 5 * SECOND_MS,
    connectionTimeout: 10 * SECOND_MS,
    greetingTimeout: 10 * SECOND_MS,
    socketTimeout: 20 * SECOND_MS,
  });
  return {
    async send({ recipient, attachments, ...mail }) {
      try {
        await transport.sendMail({
          ...mail,
          attachments: attachments.map(({ content, ...attachment }) => ({
            ...attachment,
            content: Buffer.from(content),
          })),
          // An object is one address; text would be read as a list.
          to: { name: '', address: recipient },
          disableFileAccess: true,
          disableUrlAccess: true,
          // The other limits count silence; a server that trickles would outlive the row's lease.
          signal: AbortSignal.timeout(timeoutMs),
        });
        return { kind: 'accepted' };
      } catch (error) {
        return classifyFailure(readFailure(error));
      }
    },
    async close() {
      transport.close();
    },
  };
}

// The client's codes for what happens between it and the server. Anything else is a bug of ours.
const codesOfTheCall = new Set([
  'ECONNECTION',
  'ETIMEDOUT',
  'ESOCKET',
  'EDNS',
  'ETLS',
  'EPROTOCOL',
  'EENVELOPE',
  'EMESSAGE',
  'EABORT',
  'EAUTH',
  'ENOAUTH',
]);

function readFailure(error: unknown): SmtpFailure {
  if (!isFailureOfTheCall(error)) throw error;
  return {
    errorCode: error.originalCode ?? error.code,
    replyCode: error.responseCode ?? null,
    reply: error.response ?? null,
    command: error.command ?? null,
  };
}

function isFailureOfTheCall(error: unknown): error is NodemailerError & { code: string } {
  return error instanceof Error && 'code' in error && codesOfTheCall.has(String(error.code));
}
