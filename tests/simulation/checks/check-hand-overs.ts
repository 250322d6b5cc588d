import type { Facts, FactsMessage } from './facts.ts';

/**
 * The provider took each attempt at most once, and at most one SMS of a message, unless it lied about
 * the ones before, or nobody could tell for a priority message: an SMS in doubt is never sent again.
 */
export function checkHandOvers(facts: Facts): string[] {
  const { messages, taken, lies } = facts;
  const known = new Set(messages.flatMap(({ attempts }) => attempts.map(({ id }) => id)));
  const strangers = [...taken.keys()].filter((id) => !known.has(id));
  const twice = [...taken].filter(([id, sms]) => sms.length > 1 && !lies.refused.has(id));
  return [
    ...strangers.map((id) => `the provider took an SMS of ${id}, which is no attempt of ours`),
    ...twice.map(([id, sms]) => `the provider took ${sms.length} SMS of attempt ${id}`),
    ...messages.flatMap((message) => checkMessage(message, facts)),
  ];
}

/** The provider rejects for our account's sake, not the message's: nothing was sent. */
const OUT_OF_CREDIT = '[307]';

function checkMessage(message: FactsMessage, { taken, lies, counts }: Facts): string[] {
  const sent = message.attempts.filter(({ id }) => taken.has(id));
  // Whatever the last one was: each before it must have had its reason to be followed by another.
  return sent.slice(0, -1).flatMap(({ id, number, outcome, failureCode }) => {
    const excuse = lies.refused.has(id)
      ? 'the provider refused what it took'
      : lies.denied.has(id)
        ? 'the provider denied what it took'
        : taken.get(id)?.every(({ state, info }) => state === 'rejected' && info?.startsWith(OUT_OF_CREDIT))
          ? 'the provider had no credit for what it took'
          : message.category === 'priority' && failureCode === 'unresolved'
            ? 'nobody could tell, and it was urgent'
            : null;
    if (excuse === null) {
      return [
        `message ${message.id} (${message.category}, ${message.state}) was sent again although attempt ${number} (${outcome}) was taken`,
      ];
    }
    counts.add(`second SMS: ${excuse}`);
    return [];
  });
}
