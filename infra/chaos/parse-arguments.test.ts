import { expect, test } from 'vitest';
import { parseChaosArguments } from './parse-arguments.ts';

test('without words it runs three minutes with a seed and a backend of its own choice', () => {
  expect(parseChaosArguments([])).toEqual({ kind: 'run', seed: null, minutes: 3, backend: null });
});

test('seed, length and backend are taken as they are given', () => {
  const words = ['--seed', '7', '--minutes', '0.5', '--backend', 'postgres'];
  expect(parseChaosArguments(words)).toEqual({ kind: 'run', seed: 7, minutes: 0.5, backend: 'postgres' });
});

test.each([
  [['--seed', '1.5'], '--seed must be'],
  [['--seed', '4294967296'], '--seed must be'],
  [['--minutes', '0'], '--minutes must be'],
  [['--minutes', ''], '--minutes must be'],
  [['--minutes', 'long'], '--minutes must be'],
  [['--backend', 'kafka'], '--backend must be redis or postgres, not "kafka"'],
  [['--wat'], "Unknown option '--wat'"],
])('%j is a mistake that names the option', (words, message) => {
  expect(parseChaosArguments(words)).toMatchObject({
    kind: 'mistake',
    message: expect.stringContaining(message),
  });
});

test('help comes before everything else', () => {
  expect(parseChaosArguments(['--help'])).toEqual({ kind: 'help' });
});
