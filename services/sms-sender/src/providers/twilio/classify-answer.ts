import { z } from 'zod';
import type { Answer } from '../provider-client.ts';
import type { SubmissionOutcome } from '../sms-provider.ts';
import { storable } from '../storable.ts';
import { classifyCode, outcomeOfCode } from './error-codes.ts';

const Created = z.object({ sid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/) });

const ErrorBody = z.object({ code: z.number().int().optional(), message: storable.optional() });

/**
 * What the answer to a hand-over means, by status and code. A 5xx says nothing of the message, whatever its
 * body claims; a 4xx with a code that is not known here is a refusal for good.
 */
export function classifyAnswer(
  { status, body }: Answer,
  { hasOwnSender }: { hasOwnSender: boolean },
): SubmissionOutcome {
  if (status >= 200 && status < 300) {
    const created = Created.safeParse(body);
    return created.success
      ? { kind: 'accepted', providerMessageId: created.data.sid, providerRequestId: null }
      : { kind: 'unknown', detail: `HTTP ${status} with an answer that names no message` };
  }
  const error = ErrorBody.safeParse(body).data;
  const detail = [`HTTP ${status}`, error?.code, error?.message]
    .filter((part) => part !== undefined)
    .join(' ');
  if (status < 400 || status >= 500) return { kind: 'unknown', detail };
  const known = error?.code === undefined ? undefined : classifyCode(error.code);
  if (known && error?.code !== undefined) {
    return outcomeOfCode(known, detail, { hasOwnSender, code: error.code });
  }
  if (status === 401 || status === 403) return { kind: 'provider_blocked', detail };
  if (status === 429) return { kind: 'throttled', detail };
  return { kind: 'rejected', code: 'provider_refused', detail };
}
