import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import { giveUp } from '../send-messages/decide-next-step.ts';
import type { Restrained, RulesByTenant } from './restrained.ts';

/** Refuses messages to countries that their tenants' settings do not name. */
export function refuseForeign(
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Restrained {
  const isForeign = ({ tenantId, country }: ClaimableMessage) => {
    const allowed = rules.get(tenantId)?.allowedCountries ?? [];
    return allowed.length > 0 && !allowed.includes(country);
  };
  return {
    allowed: messages.filter((message) => !isForeign(message)),
    held: [],
    refused: messages.filter(isForeign).map((message) => {
      const detail = `the settings do not allow messages to ${message.country}`;
      return giveUp(message, 'rejected', 'country_not_allowed', detail, now);
    }),
  };
}
