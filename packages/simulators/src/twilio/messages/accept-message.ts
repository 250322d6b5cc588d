import { randomBytes } from 'node:crypto';
import { countParts } from '../../sms-manager/messages/count-parts.ts';
import { septetsOf } from '../../sms-manager/messages/gsm-alphabet.ts';
import type { MessageParameters } from './read-parameters.ts';
import type { Progress, SubmittedMessage } from './twilio-message.ts';

/** Returns what a send call asks for as a message with a new SID, in its initial state. */
export function acceptMessage(
  parameters: MessageParameters,
  now: Date,
): { message: SubmittedMessage; progress: Progress } {
  const createdAt = now.toISOString();
  const encoding = [...parameters.body].every((character) => septetsOf(character)) ? 'sms' : 'utf';
  return {
    message: {
      sid: `SM${randomBytes(16).toString('hex')}`,
      createdAt,
      ...parameters,
      segments: countParts(parameters.body, encoding),
    },
    progress: {
      status: parameters.messagingServiceSid === null ? 'queued' : 'accepted',
      errorCode: null,
      sender: null,
      sentAt: null,
      endedAt: null,
      updatedAt: createdAt,
    },
  };
}
