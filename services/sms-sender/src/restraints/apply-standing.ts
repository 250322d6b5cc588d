import type { SendingRules } from '@tollgate/shared/guards/guard-rules.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { giveUp } from '../send-messages/decide-next-step.ts';
import type { Restrained, RulesByTenant } from './restrained.ts';

/**
 * Tells apart by how the tenant stands: a suspended one's messages wait until it is resumed or they are
 * no longer valid, a deleted one's are canceled, and without SMS they are refused.
 */
export function applyStanding(
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Restrained {
  const restrained: Restrained = { allowed: [], held: [], refused: [] };
  for (const message of messages) {
    const own = rules.get(message.tenantId);
    const end = endOf(message, own, now);
    if (end) restrained.refused.push(end);
    else if (own?.status === 'suspended') {
      restrained.held.push({ message, reason: 'suspended', until: message.expiresAt });
    } else restrained.allowed.push(message);
  }
  return restrained;
}

function endOf(message: ClaimableMessage, rules: SendingRules | undefined, now: Date): NextStep | null {
  if (rules?.status === 'deleted') {
    return giveUp(message, 'canceled', 'tenant_deleted', 'its tenant was deleted', now);
  }
  if (!rules?.smsAllowed) {
    return giveUp(message, 'rejected', 'sms_disabled', 'sending was switched off for the tenant', now);
  }
  return null;
}
