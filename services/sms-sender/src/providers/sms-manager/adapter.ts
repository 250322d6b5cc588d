import type { Clock } from '@tollgate/shared/time/clock.ts';
import { HOUR_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import got, { type Got } from 'got';
import { createCallSize } from '../call-size.ts';
import type {
  AttemptReference,
  LookUpResult,
  SmsProvider,
  Submission,
  SubmissionOutcome,
} from '../sms-provider.ts';
import { buildMessage, messageTag } from './build-message.ts';
import { type Answer, classifyAnswer } from './classify-answer.ts';
import { classifyError } from './classify-error.ts';
import { readListing, readStatus } from './read-look-up.ts';

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
};

const OBJECTS_PER_CALL = 10;
const CALLS_AT_ONCE = 8;
const ANSWER_TIMEOUT_MS = 20 * SECOND_MS;
/** The listing's day has no documented time zone, so near midnight two days are asked. */
const MIDNIGHT_MARGIN_MS = 3 * HOUR_MS;

const notPosted: SubmissionOutcome = { kind: 'unavailable', detail: 'not posted: its turn came too late' };

/** SMS Manager.cz: JSON API v2 for sending, REST API v1 for looking up. */
export function createSmsManager({
  apiKey,
  baseUrl,
  restUrl,
  callbackUrl,
  clock,
  timeoutMs = ANSWER_TIMEOUT_MS,
}: SmsManagerOptions): SmsProvider {
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

  const callSize = createCallSize(OBJECTS_PER_CALL);
  const isTooLate = ({ notAfter }: Submission) => clock.now() > notAfter;

  async function sendOne(submission: Submission): Promise<SubmissionOutcome> {
    if (isTooLate(submission)) return notPosted;
    const path = submission.category === 'priority' ? 'message/priority' : 'message';
    const answer = await post(client, `${baseUrl}/${path}`, buildMessage(submission, callbackUrl));
    if (!('status' in answer)) return answer;
    return classifyAnswer(answer, 1, '')[0] as SubmissionOutcome;
  }

  async function sendTogether(submissions: readonly Submission[]): Promise<SubmissionOutcome[]> {
    const outcomes = await callTogether(submissions);
    callSize.learn(outcomes);
    return outcomes;
  }

  async function callTogether(submissions: readonly Submission[]): Promise<SubmissionOutcome[]> {
    if (submissions.some(isTooLate)) return submissions.map(() => notPosted);
    const messages = submissions.map((submission) => buildMessage(submission, callbackUrl));
    const answer = await post(client, `${baseUrl}/messages`, messages);
    if (!('status' in answer)) return submissions.map(() => answer);
    const outcomes = classifyAnswer(answer, submissions.length, '-0');
    // A malformed request is refused as a whole and names no culprit: one by one, only it fails.
    const refused = submissions.length > 1 && outcomes.every(({ kind }) => kind === 'rejected');
    return refused ? runBounded(submissions, sendOne) : outcomes;
  }

  async function lookUp(attempt: AttemptReference): Promise<LookUpResult> {
    const { attemptId, providerMessageId } = attempt;
    if (providerMessageId !== null) {
      const answer = await get(client, `${restUrl}/message`, { id: providerMessageId });
      return answer.status === 200
        ? readStatus(answer.body, attemptId, providerMessageId, clock.now())
        : { kind: 'unavailable', attemptId, detail: `HTTP ${answer.status}` };
    }
    for (const date of listingDays(attempt.openedAt)) {
      const answer = await get(client, `${restUrl}/messages`, {
        date,
        tag: messageTag(attempt.category, attemptId),
      });
      if (answer.status !== 200) return { kind: 'unavailable', attemptId, detail: `HTTP ${answer.status}` };
      const result = readListing(answer.body, attemptId, clock.now());
      if (result.kind !== 'absent') return result;
    }
    return { kind: 'absent', attemptId };
  }

  return {
    name: 'sms-manager',
    async send(submissions) {
      const calls = groupCalls(submissions, callSize.current());
      const outcomes = await runBounded(calls, (call) =>
        call[0]?.category === 'priority' ? runBounded(call, sendOne) : sendTogether(call),
      );
      const byAttempt = new Map(
        calls.flatMap((call, i) => call.map((s, j) => [s.attemptId, outcomes[i]?.[j]])),
      );
      return submissions.map(({ attemptId }) => byAttempt.get(attemptId) as SubmissionOutcome);
    },
    lookUp: (attempts) => runBounded(attempts, lookUp),
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

/** Runs at most CALLS_AT_ONCE at a time; results in order. */
async function runBounded<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const workers = Array.from({ length: Math.min(CALLS_AT_ONCE, items.length) }, async () => {
    for (const [index, item] of entries) results[index] = await run(item);
  });
  await Promise.all(workers);
  return results;
}

function listingDays(openedAt: Date): string[] {
  const instants = [-MIDNIGHT_MARGIN_MS, 0, MIDNIGHT_MARGIN_MS].map(
    (offset) => new Date(openedAt.getTime() + offset),
  );
  return [...new Set(instants.map((instant) => instant.toISOString().slice(0, DATE_LENGTH)))];
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;

async function post(client: Got, url: string, json: unknown): Promise<Answer | SubmissionOutcome> {
  try {
    const response = await client.post(url, { json });
    return { status: response.statusCode, body: parseJson(response.body) };
  } catch (error) {
    return classifyError(error);
  }
}

async function get(client: Got, url: string, searchParams: Record<string, string>): Promise<Answer> {
  try {
    const response = await client.get(url, { searchParams });
    return { status: response.statusCode, body: parseJson(response.body) };
  } catch (error) {
    classifyError(error);
    return { status: 0, body: null };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
