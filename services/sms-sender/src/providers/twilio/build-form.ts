import type { Submission } from '../sms-provider.ts';

export type FormOptions = {
  messagingServiceSid: string;
  /** Where callbacks are to be posted; null where Twilio cannot reach us and we ask instead. */
  callbackUrl: string | null;
};

/**
 * The form of a hand-over. The tenant's own sender stands alone; where it has none, the Messaging Service
 * picks one. The attempt's id in the callback's address is the only token of ours that comes back.
 */
export function buildForm(
  { attemptId, recipient, sender, body }: Submission,
  { messagingServiceSid, callbackUrl }: FormOptions,
): Record<string, string> {
  return {
    To: recipient,
    Body: body,
    ...(sender === null ? { MessagingServiceSid: messagingServiceSid } : { From: sender }),
    ...(callbackUrl === null ? {} : { StatusCallback: `${callbackUrl}?attempt=${attemptId}` }),
  };
}
