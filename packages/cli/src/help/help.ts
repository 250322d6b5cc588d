import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { describeCommands } from './describe-commands.ts';

/** `help`: lists the given commands and itself. */
export function createHelp(others: readonly Command[]): Command {
  const help = defineCommand({
    name: 'help',
    summary: 'Lists the commands.',
    flags: {},
    values: z.object({}),
    async run({ print }) {
      print(describeCommands([...others, help]));
      return 0;
    },
  });
  return help;
}
