import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedWebhook {
  path: string;
  headers: IncomingHttpHeaders;
  raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came.
  events: any;
}

/** A status code to answer with (redirects point back here), or `never` to leave the caller waiting. */
export type ReceiverAnswer = number | 'never';

export interface WebhookReceiver {
  url: string;
  webhooks: ReceivedWebhook[];
  /** The results of all events in the order of their arrival. */
  results(): string[];
  /** Answers for the next webhooks in turn; after them 200. */
  answers: ReceiverAnswer[];
  /** Resolves once that many webhooks have arrived. */
  arrived(count: number): Promise<void>;
  /** Resolves with the next webhook of that kind. */
  receives(isWanted: (webhook: ReceivedWebhook) => boolean): Promise<ReceivedWebhook>;
  close(): Promise<void>;
}

/** Starts an application that receives webhooks on a free port of this machine. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const webhooks: ReceivedWebhook[] = [];
  const answers: ReceiverAnswer[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const wanted: {
    isWanted: (webhook: ReceivedWebhook) => boolean;
    resolve: (webhook: ReceivedWebhook) => void;
  }[] = [];
  const server = createServer(async (request, response) => {
    const raw = await text(request);
    const webhook = { path: request.url ?? '', headers: request.headers, raw, events: JSON.parse(raw) };
    webhooks.push(webhook);
    for (const { isWanted, resolve } of wanted) if (isWanted(webhook)) resolve(webhook);
    const answer = answers.shift() ?? 200;
    if (answer !== 'never') response.writeHead(answer, { Location: '/elsewhere' }).end();
    for (const { count, resolve } of waiting) if (webhooks.length >= count) resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    webhooks,
    results: () => webhooks.map(({ events }) => events[0].result),
    answers,
    arrived: async (count) => {
      if (webhooks.length >= count) return;
      await new Promise<void>((resolve) => waiting.push({ count, resolve }));
    },
    receives: (isWanted) => new Promise((resolve) => wanted.push({ isWanted, resolve })),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}
