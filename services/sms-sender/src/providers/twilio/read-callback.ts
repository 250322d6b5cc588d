import { z } from 'zod';
import type { ReadEvents } from '../sms-provider.ts';
import { storableBody } from '../storable.ts';
import { readStatus, Status } from './status.ts';

// The set of parameters varies and grows without notice: what is not named here is let be.
const StatusCallback = z.object({
  MessageSid: z.string().min(1).max(64),
  MessageStatus: Status,
  ErrorCode: z.coerce.number().int().optional().catch(undefined),
});

const Inbound = z.object({
  SmsStatus: z.literal('received'),
  From: z.string().regex(/^\+[1-9]\d{6,14}$/),
  To: z
    .string()
    .regex(/^\+[1-9]\d{2,14}$/)
    .optional()
    .catch(undefined),
  Body: storableBody,
});

export type CallbackContext = {
  /** The attempt that the callback's address names. */
  attempt: string | null;
  receivedAt: Date;
};

/** Reads a posted form: a state of one of our messages, or a message that somebody wrote to us. */
export function readCallback(body: string, { attempt, receivedAt }: CallbackContext): ReadEvents {
  const form = Object.fromEntries(new URLSearchParams(body));
  const inbound = Inbound.safeParse(form);
  if (inbound.success) {
    const { From, To, Body } = inbound.data;
    const message = { attemptId: null, from: From, ...(To !== undefined && { to: To }), body: Body };
    return { reports: [], inbound: [message], ignored: 0 };
  }
  const callback = StatusCallback.safeParse(form);
  if (!callback.success || attempt === null) return { reports: [], inbound: [], ignored: 1 };
  const { MessageSid, MessageStatus, ErrorCode } = callback.data;
  const report = {
    attemptId: attempt,
    ...readStatus(MessageStatus, ErrorCode ?? null),
    detail: ErrorCode === undefined ? null : String(ErrorCode),
    // A callback carries no instant.
    occurredAt: receivedAt,
    providerMessageId: MessageSid,
    parts: null,
    costMicros: null,
    costCurrency: null,
  };
  return { reports: [report], inbound: [], ignored: 0 };
}
