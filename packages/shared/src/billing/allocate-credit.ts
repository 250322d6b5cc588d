/** Part of an invoice that a credit note may take back, in micros. */
export type CreditablePart = { id: string; remainingMicros: bigint };

/**
 * What a credit note takes back of each part, in their order: the first as far as it goes, then the
 * next. What is left after all of them is `restMicros`.
 */
export function allocateCredit(
  amountMicros: bigint,
  parts: readonly CreditablePart[],
): { taken: { id: string; micros: bigint }[]; restMicros: bigint } {
  let restMicros = amountMicros;
  const taken: { id: string; micros: bigint }[] = [];
  for (const { id, remainingMicros } of parts) {
    const micros = remainingMicros < restMicros ? remainingMicros : restMicros;
    if (micros <= 0n) continue;
    taken.push({ id, micros });
    restMicros -= micros;
  }
  return { taken, restMicros };
}
