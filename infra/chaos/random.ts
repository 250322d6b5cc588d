/** Random numbers that a seed decides: the same seed gives the same ones in the same order. */
export type Random = {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number, both bounds included. */
  between(min: number, max: number): number;
  /** One of them. Throws RangeError when there is none. */
  pick<Item>(items: readonly Item[]): Item;
};

/** Mulberry32: 32 bits of state, good enough to shuffle faults with, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick(items) {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[Math.floor(next() * items.length)] as (typeof items)[number];
    },
  };
}
