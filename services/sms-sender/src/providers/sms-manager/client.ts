import { type Answer, createProviderClient } from '../provider-client.ts';
import type { SubmissionOutcome } from '../sms-provider.ts';

export type SmsManagerClient = {
  /** Posts JSON; what a call without an answer means is decided by how far it came. */
  post(url: string, json: unknown): Promise<Answer | SubmissionOutcome>;
  /** Asks; status 0 where there was no answer. */
  get(url: string, searchParams: Record<string, string>): Promise<Answer>;
  /** Changes a list; status 0 where there was no answer. */
  change(method: 'POST' | 'DELETE', url: string, json: unknown): Promise<Answer>;
};

/** Calls with the account's key. */
export function createSmsManagerClient(apiKey: string, timeoutMs: number): SmsManagerClient {
  const { submit, call } = createProviderClient({ headers: { 'x-api-key': apiKey } }, timeoutMs);
  return {
    post: (url, json) => submit(url, { json }),
    get: (url, searchParams) => call(url, { searchParams }),
    change: (method, url, json) => call(url, { method, json }),
  };
}
