/** Draws that depend on the seed alone. */
export type Random = {
  /** 0 ≤ next() < 1 */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** One of the choices, each as often as its weight says; a weight of 0 is never drawn. */
  weighted<Choice>(choices: readonly (readonly [weight: number, choice: Choice])[]): Choice;
};

/** Independent draws per seed and stream: what one stream draws does not move another. */
export function createRandom(seed: number, stream: string): Random {
  let state = hash(`${seed} ${stream}`);
  // Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for a few thousand draws.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: <Item>(items: readonly Item[]) => items[int(0, items.length - 1)] as Item,
    weighted<Choice>(choices: readonly (readonly [number, Choice])[]) {
      const total = choices.reduce((sum, [weight]) => sum + weight, 0);
      let left = next() * total;
      for (const [weight, choice] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      return (choices.findLast(([weight]) => weight > 0) as readonly [number, Choice])[1];
    },
  };
}

/** FNV-1a, finished so that neighbouring seeds start far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return value ^ (value >>> 13);
}
