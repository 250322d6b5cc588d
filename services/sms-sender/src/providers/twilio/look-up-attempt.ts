import type { Clock } from '@tollgate/shared/time/clock.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { z } from 'zod';
import type { AttemptReference, LookUpResult } from '../sms-provider.ts';
import type { TwilioClient } from './client.ts';
import { findCandidates, judgeCandidates, type KnownAttempts } from './find-in-listing.ts';
import { readMessage, TwilioMessage } from './read-message.ts';

export type LookUpAttemptDeps = {
  client: TwilioClient;
  /** …/2010-04-01/Accounts/{sid} */
  accountUrl: string;
  known: KnownAttempts;
  clock: Clock;
};

const ROWS_PER_PAGE = 100;
const PAGES_MAX = 5;

const Direction = z.object({ direction: z.string() });
const Page = z.object({ messages: z.array(z.unknown()), next_page_uri: z.string().nullish() });

/** Asks what became of an attempt: by its SID where we have it, else by the recipient's messages of that time. */
export async function lookUpAttempt(
  deps: LookUpAttemptDeps,
  attempt: AttemptReference,
): Promise<LookUpResult> {
  const { attemptId, providerMessageId } = attempt;
  if (providerMessageId === null) return lookUpInListing(deps, attempt);
  const answer = await deps.client.get(`${deps.accountUrl}/Messages/${providerMessageId}.json`);
  if (answer.status === 404) return { kind: 'absent', attemptId };
  if (answer.status !== 200) return unavailable(attemptId, `HTTP ${answer.status}`);
  const message = TwilioMessage.safeParse(answer.body);
  if (!message.success) return unavailable(attemptId, 'the message cannot be read');
  return readMessage(message.data, attemptId);
}

async function lookUpInListing(
  { client, accountUrl, known, clock }: LookUpAttemptDeps,
  attempt: AttemptReference,
): Promise<LookUpResult> {
  const { attemptId } = attempt;
  const listed = await readListing(client, accountUrl, attempt);
  if (listed.kind === 'unreadable') return unavailable(attemptId, listed.detail);
  const candidates = findCandidates(listed.messages, attempt);
  const borne = await known.findBorne(candidates.map(({ sid }) => sid));
  const free = candidates.filter(({ sid }) => !borne.has(sid));
  const judgement = judgeCandidates(free, {
    body: attempt.openBody(),
    hasRival: free.length > 0 && (await known.hasRival(attempt)),
    now: clock.now(),
  });
  switch (judgement.kind) {
    case 'ours':
      return readMessage(judgement.message, attemptId);
    case 'absent':
      return { kind: 'absent', attemptId };
    case 'unclear':
      return unavailable(attemptId, judgement.detail);
  }
}

type Listed = { kind: 'read'; messages: TwilioMessage[] } | { kind: 'unreadable'; detail: string };

/**
 * The recipient's messages since well before the attempt, newest first. Not filtered by the date of sending:
 * a message that still waits in Twilio's queue has none, and would seem not to be there.
 */
async function readListing(
  client: TwilioClient,
  accountUrl: string,
  { recipient, openedAt }: AttemptReference,
): Promise<Listed> {
  const messages: TwilioMessage[] = [];
  const query = new URLSearchParams({ To: recipient, PageSize: String(ROWS_PER_PAGE) });
  let url = `${accountUrl}/Messages.json?${query}`;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await client.get(url);
    if (answer.status !== 200) return { kind: 'unreadable', detail: `HTTP ${answer.status}` };
    const parsed = Page.safeParse(answer.body);
    if (!parsed.success) return { kind: 'unreadable', detail: 'the listing cannot be read' };
    const rows = readRows(parsed.data.messages);
    if (rows === null) return { kind: 'unreadable', detail: 'a listed message cannot be read' };
    messages.push(...rows);
    const oldest = messages.at(-1);
    const isFarBack = oldest && Date.parse(oldest.date_created) < openedAt.getTime() - DAY_MS;
    const next = parsed.data.next_page_uri;
    if (!next || isFarBack) return { kind: 'read', messages };
    const nextUrl = new URL(next, accountUrl);
    // The credentials go nowhere else.
    if (nextUrl.origin !== new URL(accountUrl).origin)
      return { kind: 'unreadable', detail: 'foreign next page' };
    url = nextUrl.href;
  }
  return { kind: 'unreadable', detail: 'the listing does not end' };
}

/** What was sent, and not what came in. One that cannot be read could be the one looked for: null. */
function readRows(listed: readonly unknown[]): TwilioMessage[] | null {
  const outbound = listed.filter((row) => Direction.safeParse(row).data?.direction !== 'inbound');
  const rows = outbound.map((row) => TwilioMessage.safeParse(row).data);
  return rows.every((row) => row !== undefined) ? rows : null;
}

function unavailable(attemptId: string, detail: string): LookUpResult {
  return { kind: 'unavailable', attemptId, detail };
}
