import { expect, test } from 'vitest';
import { choosePaint, plain } from './colours.ts';
import { createTerminal } from './terminal.ts';

test('a file gets plain lines and nothing else', () => {
  const { written, terminal } = open({ isTTY: false });
  terminal.live(['working']);
  terminal.print('done');
  terminal.live([]);
  expect(written.join('')).toBe('done\n');
  expect(terminal.canRedraw(10)).toBe(false);
});

test('a line that stays goes above the live lines', () => {
  const { written, terminal } = open({ isTTY: true });
  terminal.live(['one', 'two']);
  written.length = 0;
  terminal.print('stays');
  expect(written.join('')).toBe('\u001b[2A\u001b[Jstays\none\ntwo\n');
});

test('live lines are replaced, and gone when there are none', () => {
  const { written, terminal } = open({ isTTY: true });
  terminal.live(['one', 'two']);
  terminal.live([]);
  terminal.print('after');
  expect(written.join('')).toBe('one\ntwo\n\u001b[2A\u001b[Jafter\n');
});

test('lines that would wrap are not redrawn', () => {
  const { terminal } = open({ isTTY: true, columns: 60 });
  expect([terminal.canRedraw(59), terminal.canRedraw(60)]).toEqual([true, false]);
});

test('colours are for terminals, unless the user wants none', () => {
  expect(choosePaint(true, {})('red', 'no')).toBe('\u001b[31mno\u001b[0m');
  expect(choosePaint(true, { NO_COLOR: '1' })).toBe(plain);
  expect(choosePaint(true, { TERM: 'dumb' })).toBe(plain);
  expect(choosePaint(false, {})).toBe(plain);
});

function open(screen: { isTTY: boolean; columns?: number }) {
  const written: string[] = [];
  return { written, terminal: createTerminal({ ...screen, write: (text) => written.push(text) }, 'xterm') };
}
