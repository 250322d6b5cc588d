import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import got from 'got';
import { classifyError } from '../classify-error.ts';
import type { SubmissionOutcome } from '../sms-provider.ts';
import type { Answer } from './classify-answer.ts';

export type TwilioClient = {
  /** Posts a form; what a call without an answer means is decided by how far it came. */
  post(url: string, form: Record<string, string>): Promise<Answer | SubmissionOutcome>;
  /** Asks; status 0 where there was no answer. */
  get(url: string): Promise<Answer>;
};

export type TwilioCredentials = { accountSid: string; authToken: string };

/** Calls with the account's credentials, each within `timeoutMs` and never repeated: that is the attempts' business. */
export function createTwilioClient(
  { accountSid, authToken }: TwilioCredentials,
  timeoutMs: number,
): TwilioClient {
  const client = got.extend({
    username: accountSid,
    password: authToken,
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
    async post(url, form) {
      try {
        const response = await client.post(url, { form });
        return { status: response.statusCode, body: parseJson(response.body) };
      } catch (error) {
        return classifyError(error);
      }
    },
    async get(url) {
      try {
        const response = await client.get(url);
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
