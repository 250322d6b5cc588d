import { decideUnpaid } from '@tollgate/shared/guards/unpaid.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { giveUp } from '../send-messages/decide-next-step.ts';
import type { Restrained, RulesByTenant } from './restrained.ts';

/** Leaving the line wakes what waits; this only catches a line that was moved. */
const HELD_MS = 10 * MINUTE_MS;

/**
 * Keeps back what a tenant may not send while its billings are not approved or paid: everything where its
 * policy blocks, promotions where an invoice is past due. Refused or held as its limits are. Messages of
 * test keys cost nothing and go on.
 */
export function applyUnpaid(
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Restrained {
  const reasons = new Map([...rules.keys()].map((tenantId) => [tenantId, reasonOf(rules, tenantId, now)]));
  const restrained: Restrained = { allowed: [], held: [], refused: [] };
  const until = new Date(now.getTime() + HELD_MS);
  for (const message of messages) {
    const reason = reasons.get(message.tenantId) ?? null;
    const isOurs = message.mode === 'live' && (reason?.everything || message.category === 'promotional');
    if (reason === null || !isOurs) restrained.allowed.push(message);
    else if (rules.get(message.tenantId)?.onReached === 'hold') {
      restrained.held.push({ message, reason: 'unpaid', until });
    } else restrained.refused.push(giveUp(message, 'rejected', reason.code, reason.detail, now));
  }
  return restrained;
}

function reasonOf(rules: RulesByTenant, tenantId: string, now: Date) {
  const own = rules.get(tenantId);
  if (!own) return null;
  const unpaid = decideUnpaid(own.unpaid, now);
  if (unpaid?.effect === 'block') {
    const detail = `billings are not approved or paid: their ${unpaid.line} is beyond the line`;
    return { everything: true, code: 'unpaid_billings', detail };
  }
  if (!own.isPastDue) return null;
  const detail = 'an invoice is past due: promotional messages are not sent';
  return { everything: false, code: 'past_due', detail };
}
