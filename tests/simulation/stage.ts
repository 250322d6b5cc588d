/** The gate of a process that waits by its clock for another one. */
export const PAUSE = 'a pause';

/** A place where a simulated process waits until the seed lets it go on. */
export type Gate = { process: string; at: string; open(): void };

/**
 * One process runs at a time, from gate to gate: before and after each transaction, enqueue and
 * outside call. Which one goes on is the seed's choice, so two workers meet in every possible order
 * and the same seed gives the same order.
 */
export type Stage = {
  gates(): readonly Gate[];
  /** Waits at a gate; for ever where its process is taken off the stage. */
  wait(process: string, at: string): Promise<void>;
  /** Marks real work (PostgreSQL, HTTP, SMTP) that the stage has to wait for. */
  during<Result>(work: () => PromiseLike<Result>): Promise<Result>;
  /** Resolves once everything waits at a gate or has ended. */
  settle(): Promise<void>;
  /** Lets one gate open and waits until everything stands still again. */
  open(gate: Gate): Promise<void>;
  /** Takes a process off the stage: what waited at its gates never goes on. */
  remove(process: string): void;
};

/** What follows an answer runs in microtasks, or after a coalescer's moment: a few turns of the loop. */
const QUIET_TURNS = 3;

export function createStage(): Stage {
  let gates: Gate[] = [];
  let working = 0;
  let whenIdle: (() => void) | undefined;

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (working === 0) continue;
      await new Promise<void>((resolve) => {
        whenIdle = resolve;
      });
      quiet = 0;
    }
  }

  return {
    gates: () => gates,
    wait: (process, at) => new Promise((resolve) => gates.push({ process, at, open: resolve })),
    async during(work) {
      working += 1;
      try {
        return await work();
      } finally {
        working -= 1;
        if (working === 0) whenIdle?.();
      }
    },
    settle,
    open(gate) {
      gates = gates.filter((other) => other !== gate);
      gate.open();
      return settle();
    },
    remove(process) {
      gates = gates.filter((gate) => gate.process !== process);
    },
  };
}
