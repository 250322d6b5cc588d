import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { takeLock } from './lock.ts';
import { startInChild } from './testing/start-in-child.ts';
import { temporaryRoot } from './testing/temporary-root.ts';

test('a lock is held until it is released, and then free', () => {
  using root = temporaryRoot();
  const file = join(root.path, 'lock');
  const lock = takeLock(file);
  expect(takeLock(file)).toBeNull();
  lock?.release();
  const next = takeLock(file);
  lock?.release();
  expect(takeLock(file)).toBeNull();
  next?.release();
});

test('a lock whose owner keeps no reference to it is held all the same', () => {
  using root = temporaryRoot();
  const file = join(root.path, 'lock');
  takeLock(file);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  expect(takeLock(file)).toBeNull();
});

test('of three processes that ask at once one gets the lock', async () => {
  using root = temporaryRoot();
  const options = { kind: 'folder', root: root.path } as const;
  const starts = await Promise.allSettled([1, 2, 3].map(() => startInChild(options)));
  const winners = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  for (const winner of winners) {
    winner.process.kill('SIGINT');
    await winner.exited;
  }
  expect(winners).toHaveLength(1);
});
