import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';

export type CommandLine = { command: Command; values: Record<string, unknown>; isHelp: boolean };

/** Which command is meant, and with which flags. Throws UsageError for a word or flag that nobody knows. */
export function parseCommandLine(commands: readonly Command[], words: readonly string[]): CommandLine {
  const command = longestMatch(commands, words);
  if (!command) {
    const names = words.filter((word) => !word.startsWith('-'));
    const known = commands.map(({ name }) => name).join(', ');
    throw new UsageError(`There is no command "${names.join(' ')}". The commands are: ${known}.`);
  }
  const args = words.slice(command.name.split(' ').length);
  const { help, ...values } = parseFlags(command, args);
  return { command, values, isHelp: help === true };
}

function longestMatch(commands: readonly Command[], words: readonly string[]): Command | undefined {
  return commands
    .filter(({ name }) => name.split(' ').every((word, index) => words[index] === word))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

function parseFlags({ name, flags }: Command, args: string[]): Record<string, unknown> {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [flag, { type }] of Object.entries(flags)) options[flag] = { type };
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // parseArgs marks what it does not understand by codes of its own; anything else is a mistake of ours.
    if (error instanceof TypeError && 'code' in error) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}
