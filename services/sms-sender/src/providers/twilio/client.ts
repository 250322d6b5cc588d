import { type Answer, createProviderClient } from '../provider-client.ts';
import type { SubmissionOutcome } from '../sms-provider.ts';

export type TwilioClient = {
  /** Posts a form; what a call without an answer means is decided by how far it came. */
  post(url: string, form: Record<string, string>): Promise<Answer | SubmissionOutcome>;
  /** Asks; status 0 where there was no answer. */
  get(url: string): Promise<Answer>;
};

export type TwilioCredentials = { accountSid: string; authToken: string };

/** Calls with the account's credentials. */
export function createTwilioClient(
  { accountSid, authToken }: TwilioCredentials,
  timeoutMs: number,
): TwilioClient {
  const { submit, call } = createProviderClient({ username: accountSid, password: authToken }, timeoutMs);
  return { post: (url, form) => submit(url, { form }), get: (url) => call(url) };
}
