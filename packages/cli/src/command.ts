import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { z } from 'zod';

/** What a command has of the world outside. */
export type Surroundings = {
  environment: Record<string, string | undefined>;
  clock: Clock;
  /** Writes the command's answer. */
  print(text: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
};

/**
 * 0: done, and all is well. 1: done, and something is wrong. 2: not understood. 3: could not be done. Scripts rely on
 * them.
 */
export type ExitCode = 0 | 1 | 2 | 3;

export type Flag = {
  type: 'string' | 'boolean';
  /** What stands for a string's value in the help. */
  placeholder?: string;
  summary: string;
};

/** A command as the catalog sees it: its values come as `parseArgs` read them. */
export type Command = {
  /** What is typed to call it, such as `operator create`. */
  name: string;
  summary: string;
  flags: Record<string, Flag>;
  run(surroundings: Surroundings, values: unknown): Promise<ExitCode>;
};

export type CommandDefinition<Values extends z.ZodType> = Omit<Command, 'run'> & {
  /** What the flags must be; one per flag. */
  values: Values;
  run(surroundings: Surroundings, values: z.infer<Values>): Promise<ExitCode>;
};

/** Thrown when the command line is not understood; the message says what to write instead. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A command whose flags are checked before it runs. */
export function defineCommand<Values extends z.ZodType>(definition: CommandDefinition<Values>): Command {
  const { values: schema, run, ...described } = definition;
  return {
    ...described,
    run(surroundings, values) {
      const result = schema.safeParse(values);
      if (result.success) return run(surroundings, result.data);
      const mistakes = result.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`);
      throw new UsageError(mistakes.join('\n'));
    },
  };
}
