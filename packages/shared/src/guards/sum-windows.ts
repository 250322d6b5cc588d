import type { GuardedMessage } from './fit-within-guards.ts';
import type { WindowCount } from './guard-counters.ts';
import { type GuardWindow, windowKey } from './guard-windows.ts';

/** What messages add to each of their windows, one row per window. */
export function sumWindows<Message extends GuardedMessage>(
  messages: readonly Message[],
  windowsOf: (message: Message) => readonly GuardWindow[],
): WindowCount[] {
  const sums = new Map<string, WindowCount>();
  for (const message of messages) {
    for (const window of windowsOf(message)) {
      const key = windowKey(window);
      const sum = sums.get(key) ?? { ...window, segments: 0n, amountMicros: 0n };
      sums.set(key, {
        ...sum,
        segments: sum.segments + BigInt(message.segments),
        amountMicros: sum.amountMicros + message.priceMicros,
      });
    }
  }
  return [...sums.values()];
}
