import { invalidRequest } from '../wire/stripe-refusal.ts';

const keysMax = 50;

export type Metadata = Record<string, string>;

/** Returns metadata after a change: keys are merged, an empty value deletes its key, null deletes all. */
export function mergeMetadata(before: Metadata, change: Metadata | null | undefined): Metadata {
  if (change === undefined) return before;
  if (change === null) return {};
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''),
  );
  if (Object.keys(merged).length > keysMax) {
    throw invalidRequest(`Metadata can have at most ${keysMax} keys.`, { param: 'metadata' });
  }
  return merged;
}
