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
