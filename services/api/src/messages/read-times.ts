import { defaultValidityMs } from '@tollgate/shared/messages/categories.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { invalidRequest } from '../problems/problem.ts';
import type { SendRequest } from './send-request.ts';

/** Messages are not planned further ahead. */
const HORIZON_MS = 366 * DAY_MS;

/** When a message may be sent and until when. Throws a Problem for times that are over or too far ahead. */
export function readTimes(
  { sendAt, validUntil, category }: Pick<SendRequest, 'sendAt' | 'validUntil' | 'category'>,
  now: Date,
) {
  const notBefore = sendAt === undefined ? now : new Date(sendAt);
  if (notBefore.getTime() > now.getTime() + HORIZON_MS) {
    throw invalidRequest([{ pointer: '#/sendAt', detail: 'is more than a year ahead' }]);
  }
  if (notBefore < now) throw invalidRequest([{ pointer: '#/sendAt', detail: 'is in the past' }]);
  const expiresAt =
    validUntil === undefined
      ? new Date(notBefore.getTime() + defaultValidityMs[category])
      : new Date(validUntil);
  if (expiresAt <= notBefore) {
    throw invalidRequest([{ pointer: '#/validUntil', detail: 'must be after the time of sending' }]);
  }
  if (expiresAt.getTime() > notBefore.getTime() + HORIZON_MS) {
    throw invalidRequest([
      { pointer: '#/validUntil', detail: 'is more than a year after the time of sending' },
    ]);
  }
  return { sendAt: sendAt === undefined ? null : notBefore, notBefore, expiresAt };
}
