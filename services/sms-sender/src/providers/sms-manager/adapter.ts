import type { Clock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import pLimit from 'p-limit';
import { type Breaker, createBreaker } from '../breaker.ts';
import { type CallSize, createCallSize } from '../call-size.ts';
import type { SmsProvider, Submission, SubmissionOutcome } from '../sms-provider.ts';
import { buildMessage } from './build-message.ts';
import { classifyAnswer } from './classify-answer.ts';
import { createSmsManagerClient, type SmsManagerClient } from './client.ts';
import { lookUpAttempt } from './look-up-attempt.ts';
import { readCredit } from './read-credit.ts';
import { tellBlockList } from './tell-block-list.ts';

export type SmsManagerOptions = {
  apiKey: string;
  /** Sending: …/v2 */
  baseUrl: string;
  /** Look-up: …/v1 */
  restUrl: string;
  /** Where reports are to be posted; null where the provider cannot reach us and we ask instead. */
  callbackUrl: string | null;
  clock: Clock;
  /** How long an answer may take; shorter only where a test waits for it. */
  timeoutMs?: number;
  /** Calls at once of each kind (bulk, priority, look-up) in this process. */
  callsAtOnce?: number;
};

const OBJECTS_PER_CALL = 10;
const CALLS_AT_ONCE = 8;
const ANSWER_TIMEOUT_MS = 20 * SECOND_MS;

/** SMS Manager.cz: JSON API v2 for sending, REST API v1 for looking up. */
export function createSmsManager(options: SmsManagerOptions): SmsProvider {
  const { apiKey, baseUrl, restUrl, callbackUrl, clock } = options;
  const { timeoutMs = ANSWER_TIMEOUT_MS, callsAtOnce = CALLS_AT_ONCE } = options;
  const client = createSmsManagerClient(apiKey, timeoutMs);
  const callSize = createCallSize(OBJECTS_PER_CALL);
  const breaker = createBreaker(clock);
  const sending = { client, baseUrl, callbackUrl, clock, callSize, breaker };
  // Each kind has its own places, so that an OTP waits neither for a campaign's calls nor for look-ups.
  const bulkCalls = pLimit(callsAtOnce);
  const urgentCalls = pLimit(callsAtOnce);
  const lookUps = pLimit(callsAtOnce);
  const urgentLookUps = pLimit(callsAtOnce);

  return {
    name: 'sms-manager',
    carriesTests: true,
    pricesLater: false,
    namesReplies: true,
    admit: breaker.admit,
    async send(submissions) {
      const calls = groupCalls(submissions, callSize.current());
      const outcomes = await Promise.all(
        calls.map(async (call) => {
          const limit = call[0]?.category === 'priority' ? urgentCalls : bulkCalls;
          return limit(() => makeCall(sending, call));
        }),
      );
      const byAttempt = new Map(
        calls.flatMap((call, i) => call.map(({ attemptId }, j) => [attemptId, outcomes[i]?.[j]])),
      );
      return submissions.map(({ attemptId }) => byAttempt.get(attemptId) as SubmissionOutcome);
    },
    lookUp: (attempts) =>
      Promise.all(
        attempts.map((attempt) => {
          const limit = attempt.category === 'priority' ? urgentLookUps : lookUps;
          return limit(() => lookUpAttempt({ client, restUrl, clock }, attempt));
        }),
      ),
    tellBlockList: (wish, recipients) => tellBlockList({ client, restUrl }, wish, recipients),
    checkAccount: async () => readCredit(await client.get(`${restUrl}/credit`, {})),
  };
}

/** Priority messages go one per call; others as many as the size says, at most ten. */
function groupCalls(submissions: readonly Submission[], size: number): Submission[][] {
  const priority = submissions.filter(({ category }) => category === 'priority').map((single) => [single]);
  const others = submissions.filter(({ category }) => category !== 'priority');
  const chunks = Array.from({ length: Math.ceil(others.length / size) }, (_, i) =>
    others.slice(i * size, (i + 1) * size),
  );
  return [...priority, ...chunks];
}

type Sending = {
  client: SmsManagerClient;
  baseUrl: string;
  callbackUrl: string | null;
  clock: Clock;
  callSize: CallSize;
  breaker: Breaker;
};

const notPosted = (detail: string): SubmissionOutcome => ({
  kind: 'unavailable',
  code: 'not_posted',
  detail,
});

/** Makes a call with those whose turn has not come too late. */
async function makeCall(sending: Sending, call: readonly Submission[]): Promise<SubmissionOutcome[]> {
  const now = sending.clock.now();
  const timely = call.filter(({ notAfter }) => now <= notAfter);
  const outcomes = timely.length === 0 ? [] : await postTogether(sending, timely);
  const byAttempt = new Map(timely.map(({ attemptId }, index) => [attemptId, outcomes[index]]));
  const tooLate = notPosted('not posted: its turn came too late');
  return call.map(({ attemptId }) => byAttempt.get(attemptId) ?? tooLate);
}

async function postTogether(sending: Sending, call: readonly Submission[]): Promise<SubmissionOutcome[]> {
  const { callSize, breaker } = sending;
  // Claimed before the provider fell silent: posting it now would only make one more unknown.
  if (breaker.isOpen()) return call.map(() => notPosted('not posted: the provider does not answer'));
  const urgent = call[0]?.category === 'priority';
  const outcomes = await post(sending, call, urgent ? 'message/priority' : 'messages');
  breaker.learn(outcomes);
  if (!urgent) callSize.learn(outcomes);
  const refusedTogether = call.length > 1 && outcomes.every(({ kind }) => kind === 'rejected');
  if (!refusedTogether) return outcomes;
  // A malformed request is refused as a whole and names no culprit: one by one, only it fails.
  const apart: SubmissionOutcome[] = [];
  for (const single of call) apart.push(...(await makeCall(sending, [single])));
  return apart;
}

async function post(
  { client, baseUrl, callbackUrl }: Sending,
  call: readonly Submission[],
  path: 'messages' | 'message/priority',
): Promise<SubmissionOutcome[]> {
  const messages = call.map((submission) => buildMessage(submission, callbackUrl));
  const answer = await client.post(`${baseUrl}/${path}`, path === 'messages' ? messages : messages[0]);
  if (!('status' in answer)) return call.map(() => answer);
  // Of a call with several objects the id is the object's; reports append the recipient's index to it.
  return classifyAnswer(answer, call.length, path === 'messages' ? '-0' : '');
}
