/** From its first instant to the first at which it no longer holds, or without an end. */
export type PriceSpan = { id: string; validFrom: Date; validUntil: Date | null };

export type PriceChange =
  | { kind: 'fits'; ends: string[] }
  /** The price that begins within the new one's span. */
  | { kind: 'overlaps'; id: string };

/**
 * How a price fits among those of its scope. One without an end takes the place of those that hold when
 * it begins, which end then; one with an end holds instead of them for its time, and they go on after it.
 * Nothing may begin within it: which of the two was meant to hold then, nobody could tell.
 */
export function decidePriceChange(
  standing: readonly PriceSpan[],
  { validFrom, validUntil }: Omit<PriceSpan, 'id'>,
): PriceChange {
  const inside = standing
    .filter((price) => price.validFrom >= validFrom && (validUntil === null || price.validFrom < validUntil))
    .toSorted((a, b) => a.validFrom.getTime() - b.validFrom.getTime());
  if (inside[0]) return { kind: 'overlaps', id: inside[0].id };
  if (validUntil !== null) return { kind: 'fits', ends: [] };
  const holding = standing.filter((price) => price.validUntil === null || price.validUntil > validFrom);
  return { kind: 'fits', ends: holding.map(({ id }) => id) };
}

/** Where a price ends, and what it was before another ended it. */
export type PriceEnd = {
  validUntil: Date | null;
  /** The price whose beginning ended it. */
  endedByPriceId: string | null;
  /** Until when it would hold without that one, or null where it had no end. */
  formerValidUntil: Date | null;
};

/**
 * Where a price that `removed` ended will end without it: at its own end, or where the price that ended
 * `removed` in its turn begins, whichever is first. Two would hold from there on otherwise.
 */
export function endWithout(
  removed: PriceEnd,
  { formerValidUntil }: Pick<PriceEnd, 'formerValidUntil'>,
): PriceEnd {
  const { validUntil, endedByPriceId } = removed;
  const isEndedInTurn =
    endedByPriceId !== null &&
    validUntil !== null &&
    (formerValidUntil === null || formerValidUntil > validUntil);
  return isEndedInTurn
    ? { validUntil, endedByPriceId, formerValidUntil }
    : { validUntil: formerValidUntil, endedByPriceId: null, formerValidUntil: null };
}
