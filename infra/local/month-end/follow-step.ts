import { setTimeout as delay } from 'node:timers/promises';
import type { Progress } from '../terminal/progress.ts';
import type { Judgement } from './judgement.ts';

const STEP_MS = 30_000;
const POLL_MS = 100;

/** A step that did not happen, or not as it should; the message says which and why. */
export class StepFailedError extends Error {
  override name = 'StepFailedError';
}

export type StepDeps = {
  progress: Progress;
  /** Throws when the story has to give way to a stop. */
  checkpoint(): void;
  /** Sets the step off, once; for those that do not begin by themselves. */
  begin?: () => Promise<void>;
  look(): Promise<Judgement>;
  /** Shorter only where a test waits for it. */
  limitMs?: number;
};

/**
 * Looks again and again until the step is done, and shows how long that took. Returns what is said of it. Throws
 * StepFailedError as soon as it went wrong, or when it is still missing after 30 s.
 */
export function followStep(deps: StepDeps, name: string): Promise<string> {
  return deps.progress.step(
    name,
    () => untilDone(deps, name),
    (said) => said,
  );
}

async function untilDone(deps: StepDeps, name: string): Promise<string> {
  const { checkpoint, begin, limitMs = STEP_MS } = deps;
  const deadlineMs = performance.now() + limitMs;
  await begin?.().catch((error: unknown) => {
    throw new StepFailedError(`${name}: ${describe(error)}`, { cause: error });
  });
  for (;;) {
    const judgement = await lookOrWait(deps);
    if (judgement.kind === 'done') return judgement.said;
    if (judgement.kind === 'wrong') throw new StepFailedError(`${name}: ${judgement.reason}`);
    if (performance.now() >= deadlineMs) {
      throw new StepFailedError(`${name}: ${judgement.missing}, after ${limitMs / 1_000} s`);
    }
    await delay(POLL_MS);
    checkpoint();
  }
}

// Whoever is asked may be starting again: an answer that did not come is one that is still missing.
async function lookOrWait({ look }: StepDeps): Promise<Judgement> {
  try {
    return await look();
  } catch (error) {
    return { kind: 'waiting', missing: describe(error) };
  }
}

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));
