import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** Asks `check` again and again until it says yes; false when `limitMs` milliseconds have passed without one. */
export async function waitUntil(limitMs: number, check: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await check())) {
    if (performance.now() >= deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}
