import type { LockedMessage } from './message.ts';
import { canMove } from './states.ts';

/**
 * Whether a message may still be canceled: only while no provider has it or may have it, and nothing
 * was charged for it. Canceling again changes nothing.
 */
export function decideCancel(
  { state, reservation }: Pick<LockedMessage, 'state' | 'reservation'>,
  isHandedOver: boolean,
): 'canceled' | 'canceled_before' | 'too_late' {
  if (state === 'canceled') return 'canceled_before';
  // "sent" is no end yet, but the message is out.
  if (isHandedOver || reservation === 'captured' || !canMove(state, 'sent')) return 'too_late';
  return 'canceled';
}
