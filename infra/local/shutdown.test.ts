import { expect, test } from 'vitest';
import { createShutdown, InterruptedError } from './shutdown.ts';
import { plain } from './terminal/colours.ts';
import { createProgress } from './terminal/progress.ts';
import { createTerminal } from './terminal/terminal.ts';

test('what was started last stops first, once, whatever fails', async () => {
  const { progress, stopped, shutdown } = prepare();
  shutdown.add('database', async () => void stopped.push('database'));
  shutdown.add('queue', async () => {
    throw new Error('stuck');
  });
  shutdown.add('api', async () => void stopped.push('api'));
  expect(shutdown.isNeeded()).toBe(true);
  expect((await shutdown.run(progress)).map(({ message }) => message)).toEqual(['stuck']);
  expect(await shutdown.run(progress)).toEqual([]);
  expect(shutdown.isNeeded()).toBe(false);
  expect(stopped).toEqual(['api', 'database']);
});

test('an interruption ends the start at its next checkpoint', () => {
  const { shutdown } = prepare();
  shutdown.checkpoint();
  shutdown.interrupt(new InterruptedError('enough'));
  shutdown.interrupt(new Error('too late'));
  expect(() => shutdown.checkpoint()).toThrow(InterruptedError);
  expect(shutdown.signal.aborted).toBe(true);
});

function prepare() {
  const progress = createProgress(createTerminal({ write: () => true }, undefined), plain);
  return { progress, stopped: [] as string[], shutdown: createShutdown() };
}
