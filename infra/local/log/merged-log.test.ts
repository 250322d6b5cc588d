import { expect, test } from 'vitest';
import { plain } from '../terminal/colours.ts';
import { createTerminal } from '../terminal/terminal.ts';
import { createMergedLog, type Loudness } from './merged-log.ts';

const info = '{"level":"info","msg":"fine"}';
const warning = '{"level":"warn","msg":"careful"}';

test('while it is quiet only what is alarming is shown', () => {
  const { shown, log } = open('alarming');
  for (const line of [info, warning, 'Error: boom']) log.receive('api', line);
  expect(shown.join('')).toMatch(/^\S+ api\s+warn\s+careful\n\S+ api\s+Error: boom\n$/);
});

test('once it is loud everything is shown', () => {
  const { shown, log } = open('alarming');
  log.setLoudness('all');
  log.receive('api', info);
  expect(shown.join('')).toContain('fine');
});

test('the last lines of each source are kept, shown or not', () => {
  const { log } = open('alarming');
  for (let i = 1; i <= 20; i += 1) log.receive('api', `{"msg":"line ${i}"}`);
  log.receive('sms-sender', info);
  expect(log.lastLines()).toHaveLength(13);
  expect(log.lastLines('api')[0]).toContain('line 9');
  expect(log.lastLines('redis')).toEqual([]);
});

function open(loudness: Loudness) {
  const shown: string[] = [];
  const terminal = createTerminal({ write: (text) => shown.push(text) }, undefined);
  const now = () => new Date(0);
  return { shown, log: createMergedLog({ terminal, paint: plain, now, loudness }) };
}
