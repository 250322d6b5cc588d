import { ConfigError } from '@tollgate/shared/runtime/config.ts';
import { describeFailure } from '@tollgate/shared/runtime/failure.ts';
import { type Command, type ExitCode, type Surroundings, UsageError } from './command.ts';
import { describeCommand } from './help/describe-commands.ts';
import { parseCommandLine } from './parse-command-line.ts';

export type CommandLineDeps = Surroundings & { complain(text: string): void };

/** Runs what the words ask for. Whatever goes wrong is told in plain words and by the exit code. */
export async function runCommandLine(
  deps: CommandLineDeps,
  commands: readonly Command[],
  words: readonly string[],
): Promise<ExitCode> {
  try {
    const { command, values, isHelp } = parseCommandLine(commands, words.length === 0 ? ['help'] : words);
    if (!isHelp) return await command.run(deps, values);
    deps.print(describeCommand(command));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      deps.complain(`${error.message}\nSee: tollgate help\n`);
      return 2;
    }
    if (error instanceof ConfigError) {
      deps.complain(`${error.message}\nSet it in the environment, or give the address with --database.\n`);
      return 2;
    }
    const { failureClass, detail } = describeFailure(error);
    deps.complain(`It could not be done. ${failureClass}: ${detail.trim()}\n`);
    return 3;
  }
}
