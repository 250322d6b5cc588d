import type { ReportFaults } from '../faults/faults.ts';
import { isDialable } from '../messages/normalise-phone.ts';
import { isPromotional } from '../messages/normalise-tags.ts';
import type { SubmittedMessage } from '../messages/received-message.ts';

/** What the provider knows when a message's turn has come. */
export interface SendingFacts {
  blacklisted: boolean;
  optedOut: boolean;
  /** Messages with the same text to the same recipient that came before this one. */
  identicalBefore: number;
  identicalLimit: number | undefined;
  priceMicros: bigint;
  /** Undefined when unlimited. */
  creditMicros: bigint | undefined;
}

/** Either the message is never sent, or it is sent and ends later, or it is sent and nothing more is heard. */
export type SendingResult =
  | { kind: 'not sent'; result: 'rejected' | 'failed'; info: string }
  | { kind: 'sent'; ending: { result: 'delivered' | 'undelivered'; info: string } | null };

/** Returns what happens to a message when the provider gets to it. */
export function decideResult(
  message: SubmittedMessage,
  facts: SendingFacts,
  faults: ReportFaults,
): SendingResult {
  const refusal = refusalOf(message, facts);
  if (refusal !== null) return { kind: 'not sent', result: 'rejected', info: refusal };
  const info = (text: string) => faults.resultInfo ?? text;
  switch (faults.result ?? 'delivered') {
    case 'delivered':
      return { kind: 'sent', ending: { result: 'delivered', info: info('[0] Delivered') } };
    case 'undelivered':
      return { kind: 'sent', ending: { result: 'undelivered', info: info('[1] Undelivered') } };
    case 'sentOnly':
      return { kind: 'sent', ending: null };
    case 'rejected':
      return { kind: 'not sent', result: 'rejected', info: info('[2] Rejected') };
    case 'failed':
      return { kind: 'not sent', result: 'failed', info: info('[3] Failed') };
  }
}

function refusalOf(message: SubmittedMessage, facts: SendingFacts): string | null {
  const heedsOptOut = message.endpoint !== 'message/priority' && isPromotional(message.tag);
  const tooMany = facts.identicalLimit !== undefined && facts.identicalBefore >= facts.identicalLimit;
  const tooPoor = facts.creditMicros !== undefined && facts.creditMicros < facts.priceMicros;
  if (!isDialable(message.phoneNumber)) return '[302] Invalid phone number';
  if (facts.blacklisted || (heedsOptOut && facts.optedOut)) return '[304] Blacklisted or opted out';
  if (tooMany) return '[306] Too many identical messages';
  return tooPoor ? '[307] Insufficient credit' : null;
}
