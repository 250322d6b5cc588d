import { SECOND_MS } from '../time/durations.ts';

/** What a tenant may send at once after a pause. */
const BURST_MS = SECOND_MS;

/** The places in time that a tenant's messages get. */
export type Paced<Message> = { now: Message[]; later: { message: Message; at: Date }[]; nextSlotAt: Date };

/**
 * Gives each message (in acceptance order) its place in time, so that no more than `ratePerSecond`
 * leave in a second: those of a second's burst go now, the others each at a time of their own, which
 * is theirs for good.
 */
export function pace<Message>(
  messages: readonly Message[],
  { ratePerSecond, nextSlotAt, now }: { ratePerSecond: number; nextSlotAt: Date | null; now: Date },
): Paced<Message> {
  const stepMs = SECOND_MS / ratePerSecond;
  const start = now.getTime();
  let slot = Math.max(nextSlotAt?.getTime() ?? 0, start - BURST_MS + stepMs);
  const paced: Paced<Message> = { now: [], later: [], nextSlotAt: now };
  for (const message of messages) {
    if (slot <= start) paced.now.push(message);
    else paced.later.push({ message, at: new Date(Math.ceil(slot)) });
    slot += stepMs;
  }
  return { ...paced, nextSlotAt: new Date(Math.ceil(slot)) };
}
