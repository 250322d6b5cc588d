import { NOT_TAKEN } from '@tollgate/shared/messages/attempts.ts';
import { z } from 'zod';
import type { Answer } from '../provider-client.ts';
import type { SubmissionOutcome } from '../sms-provider.ts';
import { storable } from '../storable.ts';

// Keys are strings in the provider's description and numbers in one of its guides.
const Acceptance = z.object({
  request_id: storable.nullish(),
  accepted: z
    .array(z.object({ key: z.coerce.string(), message_id: storable.pipe(z.string().min(1)) }))
    .default([]),
  rejected: z.array(z.object({ key: z.coerce.string() })).default([]),
});

const ErrorBody = z.object({ Message: storable.optional(), message: storable.optional() });

/**
 * What an answer to `count` messages means for each. `recipientSuffix` is `-0` where the provider
 * gives one id per object and appends the recipient's index in reports.
 */
export function classifyAnswer(
  answer: Answer,
  count: number,
  recipientSuffix: '' | '-0',
): SubmissionOutcome[] {
  if (answer.status === 200) return classifyAcceptance(answer.body, count, recipientSuffix);
  const outcome = classifyRefusal(answer);
  return Array.from({ length: count }, () => outcome);
}

function classifyAcceptance(body: unknown, count: number, recipientSuffix: string): SubmissionOutcome[] {
  const parsed = Acceptance.safeParse(body);
  const unreadable: SubmissionOutcome = {
    kind: 'unknown',
    detail: 'HTTP 200 with an answer that cannot be read',
  };
  if (!parsed.success) return Array.from({ length: count }, () => unreadable);
  const { request_id, accepted, rejected } = parsed.data;
  const acceptedIds = new Map(accepted.map(({ key, message_id }) => [key, message_id]));
  const refusedKeys = new Set(rejected.map(({ key }) => key));
  return Array.from({ length: count }, (_, index): SubmissionOutcome => {
    const id = acceptedIds.get(String(index));
    if (id !== undefined) {
      return {
        kind: 'accepted',
        providerMessageId: `${id}${recipientSuffix}`,
        providerRequestId: request_id ?? null,
      };
    }
    // "Not taken over" without a reason: the provider's acceptance page allows sending it again.
    if (refusedKeys.has(String(index)))
      return { kind: 'unavailable', code: NOT_TAKEN, detail: 'not taken over by the provider' };
    // Both lists may leave a message out; only a report or the listing can tell.
    return { kind: 'unknown', detail: 'HTTP 200 that neither accepts nor rejects the message' };
  });
}

/** Malformed, too large, of the wrong type, or not to be processed: so is every repetition. */
const REFUSED_REQUESTS: ReadonlySet<number> = new Set([400, 413, 415, 422]);

function classifyRefusal({ status, body }: Answer): SubmissionOutcome {
  const text = errorText(body);
  const detail = `HTTP ${status}${text === '' ? '' : `: ${text}`}`;
  // The provider's gateway answers a bad key with 400 as well as with 401 and 403.
  const refusedKey = status === 401 || status === 403 || (status === 400 && /not authorized/i.test(text));
  if (refusedKey) return { kind: 'provider_blocked', detail };
  if (status === 402) return { kind: 'provider_blocked', detail };
  if (status === 429) return { kind: 'throttled', detail };
  if (REFUSED_REQUESTS.has(status)) return { kind: 'rejected', code: 'provider_refused', detail };
  // Any other 4xx, such as 404, is a gateway's word and not the provider's about this message.
  if (status >= 400 && status < 500 && status !== 408)
    return { kind: 'unavailable', code: 'not_reached', detail };
  return { kind: 'unknown', detail };
}

function errorText(body: unknown): string {
  const parsed = ErrorBody.safeParse(body);
  return parsed.success ? (parsed.data.Message ?? parsed.data.message ?? '') : '';
}
