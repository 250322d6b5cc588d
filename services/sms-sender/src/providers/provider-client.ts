import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import got, { type OptionsInit, type OptionsOfTextResponseBody } from 'got';
import { classifyError } from './classify-error.ts';
import type { SubmissionOutcome } from './sms-provider.ts';

/** An HTTP answer, as it came; a body that is no JSON is null. */
export type Answer = { status: number; body: unknown };

type CallOptions = OptionsOfTextResponseBody;

export type ProviderClient = {
  /** Hands something over; what a call without an answer means is decided by how far it came. */
  submit(url: string, options: CallOptions): Promise<Answer | SubmissionOutcome>;
  /** Any other call; status 0 where there was no answer. */
  call(url: string, options?: CallOptions): Promise<Answer>;
};

/** Calls with the account's credentials, each within `timeoutMs` and never repeated: that is the attempts' business. */
export function createProviderClient(
  credentials: Pick<OptionsInit, 'headers' | 'username' | 'password'>,
  timeoutMs: number,
): ProviderClient {
  const client = got.extend({
    ...credentials,
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

  async function answerOf(url: string, options: CallOptions): Promise<Answer> {
    const { statusCode, body } = await client(url, options);
    return { status: statusCode, body: parseJson(body) };
  }

  return {
    submit: (url, options) => answerOf(url, { ...options, method: 'POST' }).catch(classifyError),
    call: (url, options = {}) =>
      answerOf(url, options).catch((error: unknown) => {
        classifyError(error);
        return { status: 0, body: null };
      }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
