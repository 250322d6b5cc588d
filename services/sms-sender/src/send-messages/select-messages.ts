import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { RECIPIENT_OPTED_OUT } from '../providers/sms-provider.ts';
import { giveUp } from './decide-next-step.ts';

/** The end of a message that every provider of its route has refused to carry, or can not. */
export function refuseStranded(message: ClaimableMessage, now: Date): NextStep {
  return giveUp(message, 'rejected', 'no_route', 'no provider of its route can carry it', now);
}

/**
 * The end of a message that may no longer be sent: past its validity, blocked or opted out since it was
 * accepted. Null for one that may.
 */
export function refuseMessage(message: ClaimableMessage, now: Date): NextStep | null {
  if (message.expiresAt <= now) {
    return giveUp(message, 'expired', 'validity_over', 'its validity was over before it could be sent', now);
  }
  if (message.isBlocked) {
    return giveUp(message, 'rejected', 'recipient_blocked', 'nothing may be sent to this number', now);
  }
  if (message.optedOut) {
    return giveUp(message, 'rejected', RECIPIENT_OPTED_OUT, 'the recipient wants no more messages', now);
  }
  return null;
}
