import type { MessageCategory } from '@tollgate/shared/messages/categories.ts';
import type { Submission } from '../sms-provider.ts';

export type SmsManagerMessage = {
  body: string;
  to: [{ phone_number: string }];
  sender?: string;
  tag: string;
  callback?: string;
  payload: { attempt: string };
  flow: [{ sms: { body: string; type: 'sms' | 'utf'; gateway?: 'test' } }];
};

/**
 * The provider's Message object. `tag` is always given, because the default queue is promotional and
 * closed at night; `type` always, because the documented defaults contradict each other; the number
 * without plus, because other forms are read as numbers of the account's country.
 */
export function buildMessage(submission: Submission, callbackUrl: string | null): SmsManagerMessage {
  const { attemptId, recipient, sender, body, encoding, category, mode } = submission;
  return {
    body,
    to: [{ phone_number: recipient.slice(1) }],
    ...(sender === null ? {} : { sender: sender.replace(/^\+/, '') }),
    tag: messageTag(category, attemptId),
    ...(callbackUrl === null ? {} : { callback: `${callbackUrl}?attempt=${attemptId}` }),
    payload: { attempt: attemptId },
    flow: [
      {
        sms: {
          body,
          type: encoding === 'gsm7' ? 'sms' : 'utf',
          ...(mode === 'test' ? { gateway: 'test' } : {}),
        },
      },
    ],
  };
}

/** The whole tag list, by which the day listing finds the attempt again. */
export function messageTag(category: MessageCategory, attemptId: string): string {
  return `${category},tg-${attemptId}`;
}
