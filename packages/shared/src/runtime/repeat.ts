import type { Logger } from './logger.ts';

export type RepeatOptions = {
  logger: Logger;
  /** For the log. */
  name: string;
  /** The pause between the end of one turn and the next. */
  everyMs: number;
  /** One turn; returns true when the next one should follow at once, because there is more to do. */
  work: () => Promise<boolean>;
};

export type Repeated = {
  /** Resolves when a running turn has ended and no other will start. */
  stop(): Promise<void>;
};

/** Runs `work` again and again, one turn at a time. A turn that fails is logged, and the next one tries again. */
export function repeat({ logger, name, everyMs, work }: RepeatOptions): Repeated {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function turn(): Promise<void> {
    let pauseMs = everyMs;
    try {
      if (await work()) pauseMs = 0;
    } catch (error) {
      logger.warn({ err: error, task: name }, 'a turn failed; trying again at the next one');
    }
    schedule(pauseMs);
  }

  function schedule(afterMs: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = turn();
    }, afterMs);
  }

  schedule(everyMs);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
