import type { Progress } from './terminal/progress.ts';

/** Why things stop when the user wants them to. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}

export type Shutdown = {
  /** Notes how to stop what was just started. */
  add(name: string, stop: () => Promise<void>): void;
  /** Throws the reason when a stop was asked for. */
  checkpoint(): void;
  /** Asks whatever goes on to give way to the stop; only the first reason counts. */
  interrupt(reason: Error): void;
  /** Whether anything runs that has to be stopped. */
  isNeeded(): boolean;
  /** Aborts when a stop was asked for. */
  signal: AbortSignal;
  /** Stops everything, what was started last first; a failure keeps nothing else from stopping. */
  run(progress: Progress): Promise<Error[]>;
};

/** What was started, and in which order it goes. */
export function createShutdown(): Shutdown {
  const steps: [name: string, stop: () => Promise<void>][] = [];
  const interruption = new AbortController();
  return {
    signal: interruption.signal,
    add: (name, stop) => void steps.push([name, stop]),
    isNeeded: () => steps.length > 0,
    checkpoint: () => interruption.signal.throwIfAborted(),
    interrupt: (reason) => interruption.abort(reason),
    async run(progress) {
      const failures: Error[] = [];
      for (const [name, stop] of steps.splice(0).reverse()) {
        try {
          await progress.step(`stop ${name}`, stop);
        } catch (error) {
          failures.push(error instanceof Error ? error : new Error(String(error)));
        }
      }
      return failures;
    },
  };
}
