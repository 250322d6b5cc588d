import type { GuardRules, LimitUnit } from './guard-rules.ts';
import { type Destination, type GuardWindow, limitOf, windowKey } from './guard-windows.ts';

/** What is counted, in both units: the tenant may change its unit at any time. */
export type Counted = { segments: bigint; amountMicros: bigint };

export type GuardedMessage = Destination & {
  id: string;
  tenantId: string;
  segments: number;
  priceMicros: bigint;
};

/** A message that a limit keeps from being sent now. */
export type Barred<Message> = {
  message: Message;
  window: GuardWindow;
  limit: bigint;
  unit: LimitUnit;
  /** It is larger than the limit itself, so no window will ever take it. */
  neverFits: boolean;
};

export type GuardCircumstances = {
  rules: ReadonlyMap<string, GuardRules>;
  windowsOf: (message: GuardedMessage) => readonly GuardWindow[];
  /** What each window counts so far, by its key; nothing where it is missing. */
  counts: ReadonlyMap<string, Counted>;
};

/** What a message adds to a window, in a unit. */
export function weightOf({ segments, priceMicros }: GuardedMessage, unit: LimitUnit): bigint {
  return unit === 'segments' ? BigInt(segments) : priceMicros;
}

/**
 * Takes, per window, the prefix of the messages (given in acceptance order) that fits into what its
 * limit leaves. What does not fit is barred, and so is everything behind it in that window: a smaller
 * message never overtakes. Other countries, recipients and tenants go on. One that can never fit bars
 * nobody.
 */
export function fitWithinGuards<Message extends GuardedMessage>(
  messages: readonly Message[],
  { rules, windowsOf, counts }: GuardCircumstances,
): { fitting: Message[]; barred: Barred<Message>[] } {
  const used = new Map<string, bigint>();
  const closed = new Set<string>();
  const fitting: Message[] = [];
  const barred: Barred<Message>[] = [];
  for (const message of messages) {
    const own = rules.get(message.tenantId);
    const limited = own ? limitsOn(own, windowsOf(message)) : [];
    const unit = own?.unit ?? 'segments';
    const weight = weightOf(message, unit);
    const usedIn = (key: string) => used.get(key) ?? countIn(counts.get(key), unit);
    const full = limited.find(
      ({ key, limit }) => weight > limit || closed.has(key) || usedIn(key) + weight > limit,
    );
    if (full) {
      const { window, limit, key } = full;
      const neverFits = weight > limit;
      if (!neverFits) closed.add(key);
      barred.push({ message, window, limit, unit, neverFits });
      continue;
    }
    for (const { key } of limited) used.set(key, usedIn(key) + weight);
    fitting.push(message);
  }
  return { fitting, barred };
}

function limitsOn(rules: GuardRules, windows: readonly GuardWindow[]) {
  return windows.flatMap((window) => {
    const limit = limitOf(rules, window);
    return limit === null ? [] : [{ window, limit, key: windowKey(window) }];
  });
}

function countIn(counted: Counted | undefined, unit: LimitUnit): bigint {
  if (!counted) return 0n;
  return unit === 'segments' ? counted.segments : counted.amountMicros;
}
