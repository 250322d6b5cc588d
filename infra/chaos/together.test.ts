import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { together } from './together.ts';

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;
const wait = (signal: AbortSignal) => delay(HOUR_MS, undefined, { signal });

test('the failure of one ends the others, and is what is thrown', async () => {
  const failing = async () => {
    throw new Error('no luck');
  };
  await expect(together(never, [wait, failing, wait])).rejects.toThrow('no luck');
});

test('an abort ends all, and is over only when the last has cleaned up', async () => {
  const abort = new AbortController();
  let isClean = false;
  const cleaning = (signal: AbortSignal) =>
    wait(signal).finally(async () => {
      await delay(20);
      isClean = true;
    });
  const running = together(abort.signal, [wait, cleaning]);
  abort.abort(new Error('interrupted'));
  await expect(running).rejects.toThrow('interrupted');
  expect(isClean).toBe(true);
});

test('when all succeed nothing is thrown', async () => {
  await together(never, [async () => 1, async () => 2]);
});
