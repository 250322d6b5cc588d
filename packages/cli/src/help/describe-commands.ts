import type { Command, Flag } from '../command.ts';
import { formatTable } from '../format-table.ts';

/** All commands, a line each. */
export function describeCommands(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return [
    'Usage: tollgate <command> [flags]\n\n',
    formatTable(rows),
    '\nWith --help a command tells its flags. It ends with 0 when all is well, 1 when it found something wrong,\n',
    '2 when it was not understood, and 3 when it could not be done.\n',
  ].join('');
}

/** One command with its flags. */
export function describeCommand({ name, summary, flags }: Command): string {
  const rows = Object.entries(flags).map(([flag, described]) => [
    `  ${showFlag(flag, described)}`,
    described.summary,
  ]);
  const head = `Usage: tollgate ${name}${rows.length === 0 ? '' : ' [flags]'}\n\n${summary}\n`;
  return rows.length === 0 ? head : `${head}\n${formatTable(rows)}`;
}

function showFlag(flag: string, { placeholder }: Flag): string {
  return placeholder === undefined ? `--${flag}` : `--${flag} <${placeholder}>`;
}
