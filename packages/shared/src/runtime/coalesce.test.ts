import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCoalescer } from './coalesce.ts';
import type { Db } from './database.ts';
import { claimRunningKey, runUnderKey } from './keyed-write.ts';

class PoisonError extends Error {}

const isDataError = (error: unknown) => error instanceof PoisonError;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A coalescer that records its batches and answers with the item in capitals. */
function coalescer(
  options: { itemsMax?: number; runsMax?: number; run?: (items: string[]) => Promise<string[]> } = {},
) {
  const batches: string[][] = [];
  const add = createCoalescer<string, string>({
    itemsMax: options.itemsMax ?? 100,
    delayMsMax: 5,
    runsMax: options.runsMax ?? 10,
    isDataError,
    async run(items) {
      batches.push(items);
      return options.run ? options.run(items) : items.map((item) => item.toUpperCase());
    },
  });
  return { add, batches };
}

describe('items that arrive together', () => {
  test('become one batch, and each call gets the result of its own item', async () => {
    const { add, batches } = coalescer();
    const results = Promise.all(['a', 'b', 'c'].map(add));
    await vi.advanceTimersByTimeAsync(5);
    expect(await results).toEqual(['A', 'B', 'C']);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  test('wait for no longer than the delay, counted from the first', async () => {
    const { add, batches } = coalescer();
    const first = add('a');
    await vi.advanceTimersByTimeAsync(4);
    const second = add('b');
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all([first, second])).toEqual(['A', 'B']);
    expect(batches).toEqual([['a', 'b']]);
  });

  test('do not wait at all once the batch is full, and the next ones start another', async () => {
    const { add, batches } = coalescer({ itemsMax: 2 });
    const full = Promise.all([add('a'), add('b')]);
    const next = add('c');
    expect(await full).toEqual(['A', 'B']);
    expect(batches).toEqual([['a', 'b']]);
    await vi.advanceTimersByTimeAsync(5);
    expect(await next).toBe('C');
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  test('that arrive after a batch was sent go into the next one', async () => {
    const { add, batches } = coalescer();
    const first = add('a');
    await vi.advanceTimersByTimeAsync(5);
    const second = add('b');
    await vi.advanceTimersByTimeAsync(5);
    expect([await first, await second]).toEqual(['A', 'B']);
    expect(batches).toEqual([['a'], ['b']]);
  });
});

describe('when as many batches run as may', () => {
  test('what comes meanwhile becomes the next batch, as soon as one of them has ended', async () => {
    const ends: (() => void)[] = [];
    const { add, batches } = coalescer({
      runsMax: 2,
      run: (items) => new Promise((resolve) => ends.push(() => resolve(items))),
    });
    const first = add('a');
    await vi.advanceTimersByTimeAsync(5);
    const second = add('b');
    await vi.advanceTimersByTimeAsync(5);
    const rest = ['c', 'd', 'e'].map(add);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toEqual([['a'], ['b']]);
    ends[1]?.();
    await second;
    await vi.advanceTimersByTimeAsync(0);
    expect(batches).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    ends[0]?.();
    ends[2]?.();
    expect(await Promise.all([first, ...rest])).toEqual(['a', 'c', 'd', 'e']);
  });

  test('no batch becomes larger than it may be', async () => {
    const ends: (() => void)[] = [];
    const { add, batches } = coalescer({
      itemsMax: 2,
      runsMax: 1,
      run: (items) => new Promise((resolve) => ends.push(() => resolve(items))),
    });
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map(add));
    for (let run = 0; run < 3; run += 1) {
      await vi.advanceTimersByTimeAsync(5);
      ends[run]?.();
    }
    expect(await all).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('a batch belongs to the context of its own first item, not of the batch before it', async () => {
    const trace = new AsyncLocalStorage<string>();
    const traces: (string | undefined)[] = [];
    const ends: (() => void)[] = [];
    const { add } = coalescer({
      runsMax: 1,
      run(items) {
        traces.push(trace.getStore());
        return new Promise((resolve) => ends.push(() => resolve(items)));
      },
    });
    const first = trace.run('first', () => add('a'));
    await vi.advanceTimersByTimeAsync(5);
    const next = ['second', 'third'].map((name) => trace.run(name, () => add(name)));
    ends[0]?.();
    await first;
    await vi.advanceTimersByTimeAsync(0);
    ends[1]?.();
    await Promise.all(next);
    expect(traces).toEqual(['first', 'second']);
  });
});

describe('when a batch fails', () => {
  test('because of an item, only that item fails', async () => {
    const { add, batches } = coalescer({
      async run(items) {
        if (items.includes('poison')) throw new PoisonError('bad data');
        return items.map((item) => item.toUpperCase());
      },
    });
    const outcomes = Promise.allSettled(['a', 'poison', 'b'].map(add));
    await vi.advanceTimersByTimeAsync(5);
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([['a', 'poison', 'b'], ['a'], ['poison'], ['b']]);
  });

  test('because of infrastructure, all fail and none is run again', async () => {
    const { add, batches } = coalescer({ run: () => Promise.reject(new Error('connection lost')) });
    const outcomes = Promise.allSettled(['a', 'b'].map(add));
    await vi.advanceTimersByTimeAsync(5);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(batches).toEqual([['a', 'b']]);
  });

  test('the batches after it work', async () => {
    let isAway = true;
    const { add } = coalescer({
      run: (items) => (isAway ? Promise.reject(new Error('connection lost')) : Promise.resolve(items)),
    });
    const lost = add('a').catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(5);
    isAway = false;
    const kept = add('b');
    await vi.advanceTimersByTimeAsync(5);
    expect([await lost, await kept]).toEqual(['connection lost', 'b']);
  });
});

test('a batch stores the idempotency key of none of its items', async () => {
  // Whoever led the batch would make all of them wait for its key, and fail with it.
  const noDatabase = {} as Db;
  const { add } = coalescer({
    async run(items) {
      await claimRunningKey(noDatabase);
      return items;
    },
  });
  const write = { scope: 'api key 1', key: 'k', requestHash: '00', at: new Date(0), isClaimed: false };
  const result = runUnderKey(write, () => add('a'));
  await vi.advanceTimersByTimeAsync(5);
  expect(await result).toBe('a');
});
