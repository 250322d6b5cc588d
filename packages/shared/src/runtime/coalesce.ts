export type CoalesceOptions<Item, Result> = {
  itemsMax: number;
  delayMsMax: number;
  /** Works on a batch; returns one result per item, in order. */
  run: (items: Item[]) => Promise<Result[]>;
  /** Whether an error came from an item itself rather than from infrastructure. */
  isDataError: (error: unknown) => boolean;
};

type Waiting<Item, Result> = {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
};

/**
 * Joins single items that arrive at about the same time into one batch. Each call resolves or fails
 * for its own item: when the data of a batch is at fault, the items are run again one by one, so
 * that only the poisonous one fails.
 */
export function createCoalescer<Item, Result>(
  options: CoalesceOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const { itemsMax, delayMsMax, run, isDataError } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    void runBatch(batch);
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
      waiting.push({ item, resolve, reject });
      if (waiting.length >= itemsMax) flush();
      else timer ??= setTimeout(flush, delayMsMax);
    });
}
