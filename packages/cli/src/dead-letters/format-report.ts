import type { Amount, OperationReport } from '@tollgate/shared/dead-letters/report.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';

const words = {
  replay: { done: 'replayed', wouldBe: 'would be replayed' },
  discard: { done: 'discarded', wouldBe: 'would be discarded' },
};

/** What an operation did, or would do, for people. */
export function formatReport(report: OperationReport, action: keyof typeof words): string {
  const { dryRun, matched, done, expired, refused, tenants, atStake, takesMs, hasMore } = report;
  const { wouldBe, done: isDone } = words[action];
  const whose = `${formatAmounts(atStake)}, ${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}`;
  const lines = [
    `${matched} open ${matched === 1 ? 'letter is' : 'letters are'} selected.`,
    `${done} ${dryRun ? wouldBe : isDone}${done > 0 ? `: ${whose}` : ''}.`,
    ...(takesMs > 0 ? [`The last one has its turn after ${takesMs / SECOND_MS} s.`] : []),
    ...(expired > 0 ? [`${expired} ${expiry(expired, dryRun)}.`] : []),
    ...refused.map(({ count, detail }) => `${count} ${stay(count, dryRun)} open: ${detail}.`),
    ...(hasMore ? ['There are more than one run takes: run it again.'] : []),
    ...(dryRun ? ['Nothing was changed.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function expiry(count: number, dryRun: boolean): string {
  if (dryRun) return `${count === 1 ? 'is' : 'are'} over and would expire`;
  return `${count === 1 ? 'was' : 'were'} over and expired`;
}

function stay(count: number, dryRun: boolean): string {
  if (dryRun) return 'would stay';
  return count === 1 ? 'stays' : 'stay';
}

/** "3.00 CZK + 1.50 EUR"; "no money" where there is none. */
export function formatAmounts(amounts: readonly Amount[]): string {
  const texts = amounts.map(({ currency, micros }) => `${formatMicros(micros)} ${currency}`);
  return texts.length === 0 ? 'no money' : texts.join(' + ');
}
