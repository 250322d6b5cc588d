import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { Admission } from '../providers/sms-provider.ts';
import { giveUp } from './decide-next-step.ts';

/**
 * The end of a message that may no longer be sent: past its validity, switched off or opted out since
 * it was accepted. Null for one that may.
 */
export function refuseMessage(message: ClaimableMessage, now: Date): NextStep | null {
  if (message.expiresAt <= now) {
    return giveUp(message, 'expired', 'validity_over', 'its validity was over before it could be sent', now);
  }
  if (!message.sendingAllowed) {
    return giveUp(message, 'rejected', 'sms_disabled', 'sending was switched off for the tenant', now);
  }
  if (message.optedOut) {
    return giveUp(message, 'rejected', 'recipient_opted_out', 'the recipient wants no more messages', now);
  }
  return null;
}

export type Selection<Message> = {
  admitted: readonly Message[];
  waiting: readonly Message[];
  /** When what waits is looked at again; null for a block, whose end wakes it. */
  until: Date | null;
};

/** Which messages may go to the provider now: all, one that probes it, or none while it is blocked or silent. */
export function admitMessages<Message>(
  messages: readonly Message[],
  admission: Admission,
  block: object | null,
): Selection<Message> {
  if (block !== null) return { admitted: [], waiting: messages, until: null };
  switch (admission.kind) {
    case 'all':
      return { admitted: messages, waiting: [], until: null };
    case 'probe':
      return { admitted: messages.slice(0, 1), waiting: messages.slice(1), until: admission.until };
    case 'none':
      return { admitted: [], waiting: messages, until: admission.until };
  }
}
