import type { Clock } from '@tollgate/shared/time/clock.ts';
import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import type { AttemptReference, LookUpResult } from '../sms-provider.ts';
import { messageTag } from './build-message.ts';
import type { SmsManagerClient } from './client.ts';
import { readListing, readStatus } from './read-look-up.ts';

/** The listing's day has no documented time zone, so near midnight two days are asked. */
const MIDNIGHT_MARGIN_MS = 3 * HOUR_MS;
const DATE_LENGTH = 'YYYY-MM-DD'.length;

export type LookUpAttemptDeps = { client: SmsManagerClient; restUrl: string; clock: Clock };

/** Asks what became of an attempt: by the provider's id where we have it, else by our tag in the day's listing. */
export async function lookUpAttempt(
  { client, restUrl, clock }: LookUpAttemptDeps,
  { attemptId, category, openedAt, providerMessageId }: AttemptReference,
): Promise<LookUpResult> {
  if (providerMessageId !== null) {
    const answer = await client.get(`${restUrl}/message`, { id: providerMessageId });
    return answer.status === 200
      ? readStatus(answer.body, attemptId, providerMessageId, clock.now())
      : { kind: 'unavailable', attemptId, detail: `HTTP ${answer.status}` };
  }
  const tag = messageTag(category, attemptId);
  for (const date of listingDays(openedAt)) {
    const answer = await client.get(`${restUrl}/messages`, { date, tag });
    if (answer.status !== 200) return { kind: 'unavailable', attemptId, detail: `HTTP ${answer.status}` };
    const result = readListing(answer.body, attemptId, clock.now());
    if (result.kind !== 'absent') return result;
  }
  return { kind: 'absent', attemptId };
}

function listingDays(openedAt: Date): string[] {
  const instants = [-MIDNIGHT_MARGIN_MS, 0, MIDNIGHT_MARGIN_MS].map(
    (offset) => new Date(openedAt.getTime() + offset),
  );
  return [...new Set(instants.map((instant) => instant.toISOString().slice(0, DATE_LENGTH)))];
}
