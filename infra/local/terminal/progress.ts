import type { Paint } from './colours.ts';
import { formatDuration } from './durations.ts';
import type { Terminal } from './terminal.ts';

export type Progress = {
  /** Shows that the work goes on, and afterwards how long it took and what `describe` says of its result. */
  step<Result>(
    name: string,
    work: () => Promise<Result> | Result,
    describe?: (result: Result) => string,
  ): Promise<Result>;
};

/** Short lines about the steps of a start or a stop. */
export function createProgress(terminal: Terminal, paint: Paint): Progress {
  return {
    async step(name, work, describe = () => '') {
      const startedMs = performance.now();
      terminal.live([`${paint('dim', '…')} ${name}`]);
      try {
        const result = await work();
        const took = formatDuration(performance.now() - startedMs);
        terminal.live([]);
        terminal.print(
          `${paint('green', '✓')} ${name.padEnd(21)} ${paint('dim', took.padStart(7))}  ${describe(result)}`.trimEnd(),
        );
        return result;
      } catch (error) {
        terminal.live([]);
        terminal.print(`${paint('red', '✗')} ${name}`);
        throw error;
      }
    },
  };
}
