import { randomUUID } from 'node:crypto';
import { createFaultSwitches } from '../common/fault-switches.ts';
import { serve } from '../common/serve.ts';
import type { CaughtMail } from './caught-mail.ts';
import { createMailApp } from './create-mail-app.ts';
import type { FaultSwitches } from './faults/fault-switches.ts';
import { Faults } from './faults/faults.ts';
import { listenForMail } from './listen-for-mail.ts';
import type { MailEvent } from './mail-event.ts';
import { openMailState } from './mail-state.ts';
import { parseMail } from './parse-mail.ts';

const messagesMax = 10_000;

export interface SmtpCatcherOptions {
  now: () => Date;
  /** 0, the default, takes any free port. */
  smtpPort?: number;
  /** 0, the default, takes any free port. */
  pagePort?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** A file that keeps the mails over restarts; in memory by default. */
  statePath?: string;
  onEvent?: (event: MailEvent) => void;
}

export interface SmtpCatcher {
  /** `smtp://host:port`, without user and password; any are accepted. */
  url: string;
  pageUrl: string;
  faults: FaultSwitches;
  /** Returns the mails kept, oldest first, at most 10,000. */
  messages(): CaughtMail[];
  /** Forgets mails and faults. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts a mail server that keeps everything and delivers nothing. Rejects when a port is taken. */
export async function startSmtpCatcher(options: SmtpCatcherOptions): Promise<SmtpCatcher> {
  const { now, host = '127.0.0.1', smtpPort = 0, pagePort = 0, onEvent = () => {} } = options;
  const state = openMailState(options.statePath ?? ':memory:');
  const faults = createFaultSwitches(Faults, {
    read: () => state.settings.read('faults'),
    write: (value) => state.settings.write('faults', value),
  });
  const reset = () => {
    state.reset();
    faults.clear();
  };
  const accept = async (raw: Uint8Array, from: string, to: string[]) => {
    const mail = await parseMail(raw, { id: randomUUID(), receivedAt: now().toISOString(), from, to });
    state.insert(mail);
    onEvent({ msg: 'mail caught', id: mail.id, to, subject: mail.subject });
  };
  const onError = (error: unknown) => onEvent({ msg: 'internal error', error: String(error) });
  const onFault = (fault: 'refuse' | 'cut' | 'hang') => onEvent({ msg: 'mail fault used', fault });
  await using opened = new AsyncDisposableStack();
  opened.defer(() => state.close());
  const site = await serve(createMailApp({ state, faults, reset, onEvent }), { host, port: pagePort });
  opened.defer(site.close);
  const listener = await listenForMail({ host, port: smtpPort, faults, accept, onFault, onError });
  opened.defer(listener.close);
  const kept = opened.move();
  return {
    url: `smtp://${host}:${listener.port}`,
    pageUrl: `${site.origin}/`,
    faults,
    messages: () => state.list('oldest first', messagesMax),
    reset,
    close: () => kept.disposeAsync(),
  };
}
