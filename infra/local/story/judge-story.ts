import { formatMicros, parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import type { StoryMessage } from './story-table.ts';

/** What the ledger says of a message: its price and the entries that charge or refund it. */
export type Charge = { priceMicros: bigint; entriesMicros: bigint[] };

export type ToldMessage = StoryMessage & {
  /** Null for a message that the API did not accept. */
  charge: Charge | null;
  /** Why it did not arrive, as far as is known. */
  failure: string | null;
};

export type Verdict = { succeeded: boolean; summary: string; remarks: string[]; reasons: string[] };

/** Whether every message was delivered and charged exactly once and exactly its price, and the words for it. */
export function judgeStory(messages: readonly ToldMessage[]): Verdict {
  const reasons = messages.flatMap((message) => reasonsAgainst(message));
  const remarks = messages.flatMap((message) => remarkOn(message) ?? []);
  return { succeeded: reasons.length === 0, summary: summarise(messages), remarks, reasons };
}

function reasonsAgainst({ tenant, id, state, charge, failure }: ToldMessage): string[] {
  if (id === null || charge === null) return [`${tenant}: the message was not accepted: ${failure}`];
  const reasons = [];
  if (state !== 'delivered') {
    reasons.push(`${tenant}: ${id} is ${state}, not delivered${failure === null ? '' : `: ${failure}`}`);
  }
  const { priceMicros, entriesMicros } = charge;
  const [entry] = entriesMicros;
  if (entriesMicros.length !== 1 || entry !== -priceMicros) {
    const booked = entriesMicros.map(formatMicros).join(', ') || 'nothing';
    reasons.push(`${tenant}: ${id} costs ${formatMicros(priceMicros)}, but the ledger has ${booked}`);
  }
  return reasons;
}

function summarise(messages: readonly ToldMessage[]): string {
  const delivered = messages.filter(({ state }) => state === 'delivered').length;
  const noun = delivered === 1 && messages.length === 1 ? 'message' : 'messages';
  const of = delivered === messages.length ? '' : ` of ${messages.length}`;
  const charged = messages
    .map((message) => ({ ...message, micros: chargedMicros(message) }))
    .filter(({ micros }) => micros !== 0n)
    .map(({ micros, currency }) => `${formatMicros(micros)} ${currency}`);
  return `${delivered}${of} ${noun} delivered, ${charged.join(' and ') || 'nothing'} charged`;
}

// Messages of an earlier run that was killed may have been finished meanwhile, and its invoice paid.
function remarkOn(message: ToldMessage): string | null {
  const { before, after, tenant, currency } = message;
  if (before === null || after === null) return null;
  const others = parseDecimalToMicros(before) - parseDecimalToMicros(after) - chargedMicros(message);
  if (others === 0n) return null;
  if (others < 0n) return `${tenant}: ${formatMicros(-others)} ${currency} came back for an earlier start`;
  return `${tenant}: another ${formatMicros(others)} ${currency} went to messages of an earlier start`;
}

function chargedMicros({ charge }: ToldMessage): bigint {
  return charge === null ? 0n : -charge.entriesMicros.reduce((sum, entry) => sum + entry, 0n);
}
