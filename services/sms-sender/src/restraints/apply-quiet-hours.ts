import { zonesOfCountry } from '@tollgate/shared/guards/country-zones.ts';
import { firstLoudInstant } from '@tollgate/shared/guards/quiet-hours.ts';
import type { ClaimableMessage } from '@tollgate/shared/messages/claim-messages.ts';
import type { Held, Restrained, RulesByTenant } from './restrained.ts';

/** Lets promotional messages wait until it is day wherever their recipient may be; others never wait. */
export function applyQuietHours(
  messages: readonly ClaimableMessage[],
  rules: RulesByTenant,
  now: Date,
): Restrained {
  const decided = new Map<string, Date>();
  const loudAt = ({ tenantId, category, country, expiresAt }: ClaimableMessage): Date => {
    const quiet = rules.get(tenantId)?.quietHours ?? null;
    if (category !== 'promotional' || quiet === null) return now;
    const key = `${tenantId} ${country}`;
    const at = decided.get(key) ?? firstLoudInstant(now, quiet, zonesOfCountry(country)) ?? expiresAt;
    decided.set(key, at);
    return at;
  };
  const held = messages.flatMap((message): Held[] => {
    const until = loudAt(message);
    return until > now ? [{ message, reason: 'window', until }] : [];
  });
  const heldIds = new Set(held.map(({ message }) => message.id));
  return { allowed: messages.filter(({ id }) => !heldIds.has(id)), held, refused: [] };
}
