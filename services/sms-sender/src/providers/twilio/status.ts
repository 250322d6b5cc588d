import { PROVIDER_CREDIT } from '@tollgate/shared/messages/attempts.ts';
import type { ReportResult } from '@tollgate/shared/messages/delivery-reports.ts';
import { z } from 'zod';
import { classifyCode, failureCodeOf } from './error-codes.ts';

/** The states of a message that we sent; those of inbound ones are not among them. */
export const Status = z.enum([
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'partially_delivered',
  'delivered',
  'read',
  'undelivered',
  'failed',
  'canceled',
]);

export type Status = z.infer<typeof Status>;

const results: Record<Status, ReportResult> = {
  accepted: 'sending',
  scheduled: 'sending',
  queued: 'sending',
  sending: 'sending',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

/**
 * What a state means, with our failure code where it is a failure. A message that failed because the account
 * was suspended meanwhile was taken back: it is not at fault, and is wanted again.
 */
export function readStatus(
  status: Status,
  errorCode: number | null,
): { result: ReportResult; failureCode: string | null } {
  const result = results[status];
  if (result === 'failed' && errorCode !== null && classifyCode(errorCode) === 'account') {
    return { result: 'rejected', failureCode: PROVIDER_CREDIT };
  }
  const isFailure = result === 'failed' || result === 'undelivered';
  return { result, failureCode: isFailure ? failureCodeOf(errorCode, `provider_${result}`) : null };
}
