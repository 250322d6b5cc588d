import { expect, test } from 'vitest';
import { UsageError } from './command.ts';
import { commands } from './commands.ts';
import { parseCommandLine } from './parse-command-line.ts';

const parse = (...words: string[]) => parseCommandLine(commands, words);

test('a command may have several words, and its flags follow', () => {
  const { command, values } = parse('operator', 'create', '--email', 'a@example.com', '--role=admin');
  expect(command.name).toBe('operator create');
  expect(values).toEqual({ email: 'a@example.com', role: 'admin' });
});

test.each([['--help'], ['-h']])('%s asks a command about itself', (flag) => {
  expect(parse('reconcile', flag)).toMatchObject({ isHelp: true, values: {} });
});

test.each([
  [
    'an unknown command',
    ['invoice'],
    'There is no command "invoice". The commands are: reconcile, tenant list',
  ],
  ['half a command', ['operator'], 'There is no command "operator"'],
  ['a flag before the command', ['--json', 'reconcile'], 'There is no command "reconcile"'],
  ['an unknown flag', ['reconcile', '--yaml'], "reconcile: Unknown option '--yaml'"],
  ['a flag of another command', ['tenant', 'list', '--json'], "tenant list: Unknown option '--json'"],
  ['a word too many', ['reconcile', 'everything'], "reconcile: Unexpected argument 'everything'"],
  ['a flag without its value', ['tenant', 'list', '--limit'], 'tenant list: Option '],
])('%s is refused in plain words', (_, words, message) => {
  expect(() => parse(...words)).toThrow(UsageError);
  expect(() => parse(...words)).toThrow(message);
});
