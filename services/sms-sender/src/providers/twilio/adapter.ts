import type { Clock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import pLimit from 'p-limit';
import { type Breaker, createBreaker } from '../breaker.ts';
import type { SmsProvider, Submission, SubmissionOutcome } from '../sms-provider.ts';
import { buildForm, type FormOptions } from './build-form.ts';
import { classifyAnswer } from './classify-answer.ts';
import { createTwilioClient, type TwilioClient, type TwilioCredentials } from './client.ts';
import type { KnownAttempts } from './find-in-listing.ts';
import { lookUpAttempt } from './look-up-attempt.ts';
import { readAccount } from './read-account.ts';

export const TWILIO = 'twilio';

export type TwilioOptions = TwilioCredentials &
  FormOptions & {
    /** https://api.twilio.com, or what stands for it. */
    baseUrl: string;
    known: KnownAttempts;
    clock: Clock;
    /** How long an answer may take; shorter only where a test waits for it. */
    timeoutMs?: number;
  };

const CALLS_AT_ONCE = 8;
const ANSWER_TIMEOUT_MS = 20 * SECOND_MS;

/** Twilio Programmable Messaging: one message per call. It has no test gateway, and names no message in replies. */
export function createTwilio(options: TwilioOptions): SmsProvider {
  const { accountSid, baseUrl, known, clock, timeoutMs = ANSWER_TIMEOUT_MS } = options;
  const client = createTwilioClient(options, timeoutMs);
  const accountUrl = `${baseUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}`;
  const breaker = createBreaker(clock);
  const sending = { client, accountUrl, breaker, clock, options };
  // Each kind has its own places, so that an OTP waits neither for a campaign's calls nor for look-ups.
  const bulkCalls = pLimit(CALLS_AT_ONCE);
  const urgentCalls = pLimit(CALLS_AT_ONCE);
  const lookUps = pLimit(CALLS_AT_ONCE);

  return {
    name: TWILIO,
    carriesTests: false,
    pricesLater: true,
    namesReplies: false,
    admit: breaker.admit,
    send: (submissions) =>
      Promise.all(
        submissions.map((submission) => {
          const limit = submission.category === 'priority' ? urgentCalls : bulkCalls;
          return limit(() => makeCall(sending, submission));
        }),
      ),
    lookUp: (attempts) =>
      Promise.all(
        attempts.map((attempt) =>
          lookUps(() => lookUpAttempt({ client, accountUrl, known, clock }, attempt)),
        ),
      ),
    checkAccount: async () => readAccount(await client.get(`${accountUrl}.json`)),
  };
}

type Sending = {
  client: TwilioClient;
  accountUrl: string;
  breaker: Breaker;
  clock: Clock;
  options: FormOptions;
};

const notPosted = (detail: string): SubmissionOutcome => ({
  kind: 'unavailable',
  code: 'not_posted',
  detail,
});

async function makeCall(
  { client, accountUrl, breaker, clock, options }: Sending,
  submission: Submission,
): Promise<SubmissionOutcome> {
  if (clock.now() > submission.notAfter) return notPosted('not posted: its turn came too late');
  // Claimed before the provider fell silent: posting it now would only make one more unknown.
  if (breaker.isOpen()) return notPosted('not posted: the provider does not answer');
  const answer = await client.post(`${accountUrl}/Messages.json`, buildForm(submission, options));
  const outcome =
    'status' in answer ? classifyAnswer(answer, { hasOwnSender: submission.sender !== null }) : answer;
  breaker.learn([outcome]);
  return outcome;
}
