import { z } from 'zod';

const ANSWER_MS = 10_000;

const Accepted = z.object({ id: z.string() });
const Message = z.object({
  state: z.string(),
  lastFailure: z.string().nullish(),
  failureCode: z.string().nullish(),
  timeline: z.array(z.object({ at: z.coerce.date(), event: z.string() })),
});
const Trace = z.object({
  complete: z.boolean(),
  steps: z.array(
    z.object({
      step: z.string(),
      result: z.string().optional(),
      amount: z.string().optional(),
      currency: z.string().optional(),
    }),
  ),
});
const Balance = z.object({ available: z.string() });
const ProblemDetails = z.object({ title: z.string(), detail: z.string().optional() });

export type ApiMessage = z.infer<typeof Message>;

/** A message's way from its request to its payment. */
export type ApiTrace = z.infer<typeof Trace>;

export type NewDemoMessage = { to: string; body: string; category: 'transactional' };

/** The API as its users see it: over HTTP, with a tenant's key. */
export type TollgateApi = {
  /** Returns the id of the accepted message. */
  send(message: NewDemoMessage, idempotencyKey: string): Promise<string>;
  readMessage(id: string): Promise<ApiMessage>;
  readTrace(id: string): Promise<ApiTrace>;
  /** What the tenant may spend, as a decimal string. */
  readAvailable(): Promise<string>;
};

/** Asks the invoicer, through the API, to close everything that has ended by `asOf`; throws unless it was taken. */
export async function runBilling(url: string, cronSecret: string, asOf: Date): Promise<void> {
  const path = `/v1/internal/jobs/billing?type=all&asOf=${asOf.toISOString()}`;
  const headers = { authorization: `Bearer ${cronSecret}` };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url + path, { method: 'POST', headers, signal });
  if (!response.ok) throw new Error(`POST ${path} was answered ${response.status}, ${await response.text()}`);
}

/** Calls the API at `url`; every call throws, with what the API says, unless the answer is the wished-for one. */
export function callTollgate(url: string, apiKey: string): TollgateApi {
  const call = async <Answer>(schema: z.ZodType<Answer>, path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(url + path, { ...init, signal, headers: { ...headers, ...init.headers } });
    const text = await response.text();
    const answer: unknown = text.startsWith('{') ? JSON.parse(text) : null;
    if (!response.ok)
      throw new Error(`${init.method ?? 'GET'} ${path} was answered ${describe(response, answer)}`);
    return schema.parse(answer);
  };
  return {
    async send(message, idempotencyKey) {
      const headers = { 'idempotency-key': idempotencyKey };
      const body = JSON.stringify(message);
      return (await call(Accepted, '/v1/sms/send', { method: 'POST', headers, body })).id;
    },
    readMessage: (id) => call(Message, `/v1/sms/messages/${id}`),
    readTrace: (id) => call(Trace, `/v1/sms/messages/${id}/trace`),
    readAvailable: async () => (await call(Balance, '/v1/billing/balance')).available,
  };
}

function describe(response: Response, answer: unknown): string {
  const problem = ProblemDetails.safeParse(answer);
  const words = problem.success ? [problem.data.title, problem.data.detail] : [response.statusText];
  return [response.status, ...words.filter(Boolean)].join(', ');
}
