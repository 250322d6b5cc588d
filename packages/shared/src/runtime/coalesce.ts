import { AsyncLocalStorage } from 'node:async_hooks';
import { runUnderNoKey } from './keyed-write.ts';

export type CoalesceOptions<Item, Result> = {
  itemsMax: number;
  delayMsMax: number;
  /** Batches at once; what arrives while as many run joins the next one, which so grows with the load. */
  runsMax: number;
  /** Works on a batch; returns one result per item, in order. */
  run: (items: Item[]) => Promise<Result[]>;
  /** Whether an error came from an item itself rather than from infrastructure. */
  isDataError: (error: unknown) => boolean;
};

type Waiting<Item, Result> = {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
  /** Runs something in the trace, and whatever else belongs to the call, of this item. */
  inContext: <Value>(work: () => Value) => Value;
};

/**
 * Joins single items that arrive at about the same time into one batch. Each call resolves or fails
 * for its own item: when the data of a batch is at fault, the items are run again one by one, so
 * that only the poisonous one fails. A batch belongs to the trace of its first item, and to nobody's key.
 */
export function createCoalescer<Item, Result>(
  options: CoalesceOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const { itemsMax, delayMsMax, runsMax, run, isDataError } = options;
  const waiting: Waiting<Item, Result>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = 0;

  /** Runs what waits, as far as there is room. */
  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0 && running < runsMax) {
      running += 1;
      const batch = waiting.splice(0, itemsMax);
      const [first] = batch as [Waiting<Item, Result>];
      void first
        .inContext(() => runUnderNoKey(() => runBatch(batch)))
        .finally(() => {
          running -= 1;
          // With a timer set, what waits came to a free place and still has its delay.
          if (timer === undefined) flush();
        });
    }
  }

  async function runBatch(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (batch.length > 1 && isDataError(error)) {
        for (const single of batch) await runBatch([single]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject, inContext: AsyncLocalStorage.snapshot() });
      if (waiting.length >= itemsMax) flush();
      else if (running < runsMax) timer ??= setTimeout(flush, delayMsMax);
    });
}
