import { expect, test } from 'vitest';
import { parseResetArguments, parseStartArguments } from './parse-arguments.ts';

test('without words it runs, stays up and keeps its data in the checkout', () => {
  expect(parseStartArguments([])).toEqual({ kind: 'run', once: false, verbose: false, data: null });
  expect(parseResetArguments([])).toEqual({ kind: 'run', data: null });
});

test('every flag is understood', () => {
  expect(parseStartArguments(['--once', '--verbose', '--data', '/srv/demo'])).toEqual({
    kind: 'run',
    once: true,
    verbose: true,
    data: '/srv/demo',
  });
  expect(parseStartArguments(['--once', '-h'])).toEqual({ kind: 'help' });
  expect(parseResetArguments(['--data=/srv/demo'])).toEqual({ kind: 'run', data: '/srv/demo' });
});

test.each([['--onec'], ['once'], ['--data']])('%s is refused by name', (word) => {
  const parsed = parseStartArguments([word]);
  expect(parsed.kind).toBe('mistake');
  expect(parsed).toHaveProperty('message', expect.stringContaining(word));
});

test('a flag of start is none of reset', () => {
  expect(parseResetArguments(['--once']).kind).toBe('mistake');
});
