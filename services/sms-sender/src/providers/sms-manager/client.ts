import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import got from 'got';
import { classifyError } from '../classify-error.ts';
import type { SubmissionOutcome } from '../sms-provider.ts';
import type { Answer } from './classify-answer.ts';

export type SmsManagerClient = {
  /** Posts JSON; what a call without an answer means is decided by how far it came. */
  post(url: string, json: unknown): Promise<Answer | SubmissionOutcome>;
  /** Asks; status 0 where there was no answer. */
  get(url: string, searchParams: Record<string, string>): Promise<Answer>;
  /** Changes a list; status 0 where there was no answer. */
  change(method: 'POST' | 'DELETE', url: string, json: unknown): Promise<Answer>;
};

/** Calls with the account's key, each within `timeoutMs` and never repeated: that is the attempts' business. */
export function createSmsManagerClient(apiKey: string, timeoutMs: number): SmsManagerClient {
  const client = got.extend({
    headers: { 'x-api-key': apiKey },
    // A retry below our attempt rows would send twice.
    retry: { limit: 0 },
    timeout: {
      lookup: 3 * SECOND_MS,
      connect: 5 * SECOND_MS,
      secureConnect: 5 * SECOND_MS,
      request: timeoutMs,
    },
    throwHttpErrors: false,
    followRedirect: false,
  });
  return {
    async post(url, json) {
      try {
        const response = await client.post(url, { json });
        return { status: response.statusCode, body: parseJson(response.body) };
      } catch (error) {
        return classifyError(error);
      }
    },
    async get(url, searchParams) {
      try {
        const response = await client.get(url, { searchParams });
        return { status: response.statusCode, body: parseJson(response.body) };
      } catch (error) {
        classifyError(error);
        return { status: 0, body: null };
      }
    },
    async change(method, url, json) {
      try {
        const response = await client(url, { method, json });
        return { status: response.statusCode, body: parseJson(response.body) };
      } catch (error) {
        classifyError(error);
        return { status: 0, body: null };
      }
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
