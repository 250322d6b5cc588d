import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/**
 * Waits for something that happens on its own, by asking again and again; returns the first answer
 * that is neither false, null nor undefined. Throws, with the description, when the time is over.
 */
export async function until<Answer>(
  description: string,
  condition: () => Answer | Promise<Answer>,
  { withinMs = 10_000 }: { withinMs?: number } = {},
): Promise<NonNullable<Answer>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    if (performance.now() >= deadline) throw new Error(`not within ${withinMs} ms: ${description}`);
    await delay(POLL_MS);
  }
}
