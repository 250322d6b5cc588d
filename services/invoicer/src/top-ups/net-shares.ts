import { divideRounded } from '@tollgate/shared/money/round-to-minor-units.ts';

export type RefundFacts = { id: string; amount: number; created: number };

/**
 * How much credit each refund of a payment takes, in minor units: its part before tax, rounded on the
 * running total, so that refunds of everything take exactly what was credited. Failed refunds keep
 * their share, which is given back whole, so that a share never changes afterwards.
 */
export function netShares(
  refunds: readonly RefundFacts[],
  { netMinor, grossMinor }: { netMinor: bigint; grossMinor: bigint },
): Map<string, bigint> {
  const ordered = refunds.toSorted((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  const shares = new Map<string, bigint>();
  let gross = 0n;
  let net = 0n;
  for (const { id, amount } of ordered) {
    gross += BigInt(amount);
    const until = divideRounded(gross * netMinor, grossMinor);
    shares.set(id, until - net);
    net = until;
  }
  return shares;
}
