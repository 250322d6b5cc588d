import type { MessageCategory } from '@tollgate/shared/messages/categories.ts';
import type { MessageState } from '@tollgate/shared/messages/states.ts';
import type { AcceptedRequest } from './load.ts';

/** What the books say of a message. */
export type StoredMessage = {
  reference: string | null;
  category: MessageCategory;
  state: MessageState;
  failureCode: string | null;
  /** `sms_send` entries. */
  chargeCount: number;
  holdsCredit: boolean;
};

export type Evidence = {
  accepted: readonly AcceptedRequest[];
  stored: readonly StoredMessage[];
  /** The bodies that the provider took over, one per SMS. */
  received: readonly string[];
};

/**
 * Everything that is wrong with what became of the accepted messages, in words; empty when each was delivered once
 * and charged once, or ended unsent and uncharged for a good reason.
 */
export function judgeMessages({ accepted, stored, received }: Evidence): string[] {
  const receivedCounts = countEach(received);
  const storedCounts = countEach(stored.map(({ reference }) => reference ?? 'a message without reference'));
  const references = new Set(accepted.map(({ reference }) => reference));
  return [
    ...[...references].filter((name) => !storedCounts.has(name)).map((name) => `${name}: accepted and lost`),
    ...[...storedCounts].flatMap(([name, count]) => [
      ...(count > 1 ? [`${name}: stored ${count} times`] : []),
      ...(references.has(name) ? [] : [`${name}: stored, but no application knows of it`]),
    ]),
    ...[...receivedCounts.keys()]
      .filter((name) => !storedCounts.has(name))
      .map((name) => `${name}: sent, but not in the books`),
    ...stored.flatMap((message) =>
      judgeMessage(message, receivedCounts.get(message.reference ?? '') ?? 0).map(
        (fault) => `${message.reference}: ${fault}`,
      ),
    ),
  ];
}

function judgeMessage(message: StoredMessage, receivedCount: number): string[] {
  const { state, category, failureCode, chargeCount, holdsCredit } = message;
  const expected = state === 'delivered' ? 1 : 0;
  const isGoodEnd =
    state === 'delivered' ||
    // Only a one-time code is worthless so soon.
    (state === 'expired' && category === 'priority') ||
    (state === 'rejected' && failureCode === 'insufficient_credit');
  return [
    ...(isGoodEnd ? [] : [`is ${state}${failureCode === null ? '' : ` (${failureCode})`}`]),
    ...(isGoodEnd && receivedCount !== expected ? [`is ${state}, and was sent ${receivedCount} times`] : []),
    ...(chargeCount > 1 || (isGoodEnd && chargeCount !== expected)
      ? [`is ${state}, and was charged ${chargeCount} times`]
      : []),
    ...(holdsCredit && isGoodEnd ? ['has ended and still holds credit'] : []),
  ];
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
