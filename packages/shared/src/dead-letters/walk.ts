import type { Step } from './read-candidates.ts';

/** Letters that one transaction takes. */
export const LETTERS_PER_BATCH = 100;

/** Letters that one operation takes: a request must end, and the next one goes on. */
export const LETTERS_PER_OPERATION = 10_000;

/**
 * Takes letters batch by batch, each once, because those that stay open lie behind the walk. `take`
 * returns what became of its letters, with their ids in order.
 */
export async function walk<Result extends { id: string }>(
  take: (step: Step, before: readonly Result[]) => Promise<Result[]>,
): Promise<{ results: Result[]; hasMore: boolean }> {
  const results: Result[] = [];
  while (results.length < LETTERS_PER_OPERATION) {
    const after = results.at(-1)?.id ?? null;
    const batch = await take({ after, limit: LETTERS_PER_BATCH }, results);
    results.push(...batch);
    if (batch.length < LETTERS_PER_BATCH) return { results, hasMore: false };
  }
  return { results, hasMore: true };
}
