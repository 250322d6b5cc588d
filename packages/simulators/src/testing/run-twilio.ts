import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  startTwilioSimulator,
  type TwilioSimulator,
  type TwilioSimulatorOptions,
} from '../twilio/start-twilio-simulator.ts';
import { type Answer, call, noon } from './run-simulator.ts';

export const accountSid = `AC${'0'.repeat(32)}`;
export const authToken = 'token-for-tests';
export const serviceSid = `MG${'1'.repeat(32)}`;

export interface RunningTwilio extends TwilioSimulator {
  send(parameters: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  look(path: string): Promise<Answer>;
}

const basic = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;

/** Starts a simulator with a clock that stands still, and ways to talk to it. */
export async function runTwilio(options: Partial<TwilioSimulatorOptions> = {}): Promise<RunningTwilio> {
  const simulator = await startTwilioSimulator({ accountSid, authToken, now: () => noon, ...options });
  const account = `${simulator.baseUrl}/2010-04-01/Accounts/${accountSid}`;
  return {
    ...simulator,
    send: (parameters, headers = {}) =>
      call(`${account}/Messages.json`, {
        method: 'POST',
        headers: { authorization: basic, ...headers },
        body: new URLSearchParams(parameters),
      }),
    look: (path) => call(`${account}${path}`, { headers: { authorization: basic } }),
  };
}

/** Returns the parameters of a message that Twilio takes, changed as told. */
export function aTwilioMessage(changes: Record<string, string> = {}): Record<string, string> {
  return { To: '+420777123456', MessagingServiceSid: serviceSid, Body: 'Your table is booked', ...changes };
}

export interface ReceivedForm {
  url: string;
  headers: IncomingHttpHeaders;
  form: Record<string, string>;
}

/** Starts an application that receives forms on a free port of this machine and answers as told, else 204. */
export async function receiveForms() {
  const forms: ReceivedForm[] = [];
  const answers: (number | 'cut')[] = [];
  const server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    forms.push({ url: `http://${request.headers.host}${request.url}`, headers: request.headers, form });
    const answer = answers.shift() ?? 204;
    if (answer === 'cut') request.socket.destroy();
    else response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    forms,
    answers,
    statuses: () => forms.map(({ form }) => form.MessageStatus),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}
