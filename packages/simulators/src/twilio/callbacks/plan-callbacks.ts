import { type FaultSwitches, takeLostCallback } from '../faults/fault-switches.ts';
import type { Progress, Status, SubmittedMessage } from '../messages/twilio-message.ts';
import type { NewCallback } from '../state/callback-table.ts';

export interface PlanCallbacksDeps {
  faults: FaultSwitches;
  accountSid: string;
  endsAfterMs: number;
}

/** Returns the callbacks to post about the states a message went through, as the faults bend them. */
export function planCallbacks(
  { faults, accountSid, endsAfterMs }: PlanCallbacksDeps,
  message: SubmittedMessage,
  progress: Progress,
  statuses: readonly Status[],
  at: number,
): NewCallback[] {
  const url = message.statusCallback;
  if (url === null) return [];
  const { double, reverse, delayMs = 0 } = faults.current().callbacks;
  return statuses
    .flatMap((status) => (double ? [status, status] : [status]))
    .map((status) => ({
      sid: message.sid,
      status,
      url,
      body: callbackForm(accountSid, message, progress, status).toString(),
      dueAt: at + delayMs + (reverse && status === 'sent' ? endsAfterMs + 1 : 0),
      lost: takeLostCallback(faults),
    }));
}

function callbackForm(
  accountSid: string,
  { sid, to, messagingServiceSid }: SubmittedMessage,
  { sender, errorCode }: Progress,
  status: Status,
): URLSearchParams {
  return new URLSearchParams({
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    From: sender ?? '',
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    To: to,
    ...(messagingServiceSid === null ? {} : { MessagingServiceSid: messagingServiceSid }),
    ...(errorCode === null ? {} : { ErrorCode: String(errorCode) }),
  });
}
