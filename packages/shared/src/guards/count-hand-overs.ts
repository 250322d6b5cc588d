import type { Db } from '../runtime/database.ts';
import { decideCrossings } from './decide-crossings.ts';
import type { GuardedMessage } from './fit-within-guards.ts';
import { addCounts } from './guard-counters.ts';
import type { GuardRules } from './guard-rules.ts';
import { createWindowsOf, type GuardWindow, spansAt, windowKey } from './guard-windows.ts';
import { type StoredCrossing, storeCrossings } from './limit-crossings.ts';
import { sumWindows } from './sum-windows.ts';

/** The windows of messages of any of the tenants, at one instant. */
export function windowsAt(
  rules: ReadonlyMap<string, GuardRules>,
  at: Date,
): (message: GuardedMessage) => readonly GuardWindow[] {
  // Most tenants share a zone, and reckoning with zones is what costs time here.
  const zones = new Set([...rules.values()].map(({ timeZone }) => timeZone));
  const spans = new Map([...zones].map((timeZone) => [timeZone, spansAt(at, timeZone)]));
  const byTenant = new Map(
    [...rules].map(([tenantId, own]) => [
      tenantId,
      createWindowsOf(own, spans.get(own.timeZone) ?? spansAt(at, own.timeZone)),
    ]),
  );
  return (message) => byTenant.get(message.tenantId)?.(message) ?? [];
}

/**
 * Counts messages that are handed over for the first time, under the locks of their accounts, in the
 * transaction that reserves their credit. Returns the lines of limits that were crossed now.
 */
export async function countHandOvers(
  db: Db,
  messages: readonly GuardedMessage[],
  rules: ReadonlyMap<string, GuardRules>,
  at: Date,
): Promise<StoredCrossing[]> {
  const added = sumWindows(messages, windowsAt(rules, at));
  const totals = await addCounts(db, added);
  const crossed = added.flatMap((window) => {
    const own = rules.get(window.tenantId);
    const total = totals.get(windowKey(window));
    return own && total ? decideCrossings(own, window, { added: window, total }) : [];
  });
  return storeCrossings(db, crossed, at);
}
