import type { Stake } from './dead-letter.ts';
import { type RefusalReason, refusals } from './decide-replay.ts';

/** Money per currency. */
export type Amount = { currency: string; micros: bigint };

export type Refusal = { reason: RefusalReason; detail: string; count: number };

/** What an operation did, or what it would do. */
export type OperationReport = {
  dryRun: boolean;
  /** Under which the audit keeps it; null for a dry run, which leaves nothing. */
  operationId: string | null;
  /** Open letters that were selected. */
  matched: number;
  /** Of them: replayed or discarded. */
  done: number;
  expired: number;
  refused: Refusal[];
  /** What was at stake in those that were replayed or discarded. */
  atStake: Amount[];
  /** Tenants to whom they belong. */
  tenants: number;
  /** From now until the turn of the last one. */
  takesMs: number;
  /** Whether more were selected than one operation takes: ask again. */
  hasMore: boolean;
};

/** One letter's part in a report. */
export type Outcome = {
  kind: 'done' | 'expired' | { refused: RefusalReason };
  stakes: readonly Stake[];
  dueAt?: Date;
};

/** The sum of what became of letters. */
export function sumUp(
  outcomes: readonly Outcome[],
  { startedAt, ...head }: { dryRun: boolean; operationId: string | null; hasMore: boolean; startedAt: Date },
): OperationReport {
  const done = outcomes.filter(({ kind }) => kind === 'done');
  const stakes = done.flatMap((outcome) => outcome.stakes);
  const lastDue = done.reduce((last, { dueAt }) => Math.max(last, dueAt?.getTime() ?? 0), 0);
  return {
    ...head,
    matched: outcomes.length,
    done: done.length,
    expired: outcomes.filter(({ kind }) => kind === 'expired').length,
    refused: countRefusals(outcomes),
    atStake: sumAmounts(stakes),
    tenants: new Set(stakes.map(({ tenantId }) => tenantId)).size,
    takesMs: Math.max(0, lastDue - startedAt.getTime()),
  };
}

/** What is at stake per currency, without tenants who have no money in it. */
export function sumAmounts(stakes: readonly Omit<Stake, 'tenantId'>[]): Amount[] {
  const sums = new Map<string, bigint>();
  for (const { currency, atStakeMicros } of stakes) {
    if (atStakeMicros !== 0n) sums.set(currency, (sums.get(currency) ?? 0n) + atStakeMicros);
  }
  return [...sums]
    .map(([currency, micros]) => ({ currency, micros }))
    .toSorted((a, b) => a.currency.localeCompare(b.currency));
}

function countRefusals(outcomes: readonly Outcome[]): Refusal[] {
  const counts = new Map<RefusalReason, number>();
  for (const { kind } of outcomes) {
    if (typeof kind !== 'string') counts.set(kind.refused, (counts.get(kind.refused) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, detail: refusals[reason], count }));
}
