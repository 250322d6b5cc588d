import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { startSmsManagerSimulator } from '@tollgate/simulators/sms-manager/start-sms-manager-simulator.ts';
import { startSmtpCatcher } from '@tollgate/simulators/smtp/start-smtp-catcher.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import type Stripe from 'stripe';
import type { Mailer } from '../../services/notifier/src/smtp/mailer.ts';
import { createSmtpMailer } from '../../services/notifier/src/smtp/smtp-mailer.ts';
import { createSmsManager } from '../../services/sms-sender/src/providers/sms-manager/adapter.ts';
import type { SmsProvider } from '../../services/sms-sender/src/providers/sms-provider.ts';
import type { Host } from './host.ts';
import type { Mischief } from './mischief.ts';

const apiKey = 'key-of-the-simulation';
const secretKey = 'sk_test_simulation';

export type PostedReport = { externalId: string; body: string };

export type Simulators = Awaited<ReturnType<typeof startSimulators>>;

/** The simulators of a worker, one set for all its runs; they are emptied between runs. */
export async function startSimulators(now: () => Date) {
  const sms = await startSmsManagerSimulator({
    apiKey,
    now,
    advancesByItself: false,
    reportDelaysMs: { sent: 1_500, delivered: 6_000 },
  });
  const stripe = await startStripeSimulator({ secretKey, now });
  const mail = await startSmtpCatcher({ now });
  const reports = await receiveReports();
  const client = createStripe({ secretKey, apiBase: stripe.baseUrl, networkRetriesMax: 0 });
  return {
    sms,
    stripe,
    mail,
    reports,
    /** For what the tenants do at Stripe themselves. */
    client,
    reset() {
      sms.reset();
      stripe.reset();
      mail.reset();
      reports.take();
    },
    close: () => Promise.all([sms.close(), stripe.close(), mail.close(), reports.close()]),
  };
}

/** The outside as one process sees it: its own clients, every call between two gates. */
export type Outside = {
  smsProvider(host: Host): SmsProvider;
  stripe(host: Host): Stripe;
  mailer(host: Host): Mailer;
};

export function createOutside({ sms, stripe, mail, reports }: Simulators, mischief: Mischief): Outside {
  return {
    smsProvider(host) {
      const { clock } = host;
      const { baseUrl, restUrl } = sms;
      // One call after another: calls at once would reach the simulator in an order of the machine's choice.
      const adapter = createSmsManager({
        apiKey,
        baseUrl,
        restUrl,
        callbackUrl: reports.url,
        clock,
        callsAtOnce: 1,
      });
      const { admit } = adapter;
      return {
        ...gateCalls(host, 'provider', adapter, (method, [items]) => mischief.beforeProvider(method, items)),
        admit,
      };
    },
    stripe(host) {
      // Without the invoicer's pace, which waits by real time and changes nothing but when.
      const client = createStripe({ secretKey, apiBase: stripe.baseUrl, networkRetriesMax: 0 });
      return gateCalls(host, 'stripe', client, mischief.beforeStripe);
    },
    mailer: (host) => gateCalls(host, 'mailer', createSmtpMailer({ url: mail.url }), mischief.beforeMail),
  };
}

type Prepare = (method: string, given: readonly unknown[]) => void;

/** The client with every method between two gates; lists are read to their end in one call. */
function gateCalls<Client extends object>(
  host: Host,
  label: string,
  client: Client,
  prepare: Prepare,
): Client {
  return new Proxy(client, {
    get(own, key) {
      const value: unknown = Reflect.get(own, key);
      if (typeof key !== 'string' || value === null) return value;
      const path = `${label}.${key}`;
      if (typeof value === 'object') return gateCalls(host, path, value, prepare);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const run = () => value.apply(own, given);
        const before = () => prepare(path, given);
        return key === 'list' ? readList(host, path, run, before) : host.call(path, run, before);
      };
    },
  });
}

async function* readList(host: Host, path: string, run: () => AsyncIterable<unknown>, before: () => void) {
  const items: unknown[] = [];
  const readAll = async () => {
    for await (const item of run()) items.push(item);
  };
  await host.call(path, readAll, before);
  yield* items;
}

/** Takes what the provider posts; the run decides when, how often and in which order it reaches the api. */
async function receiveReports() {
  const received: PostedReport[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const attempt = new URL(request.url ?? '/', 'http://localhost').searchParams.get('attempt');
    received.push({
      externalId: String(request.headers['x-request-id']),
      body: JSON.stringify({ attempt, body }),
    });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    take: () => received.splice(0),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
