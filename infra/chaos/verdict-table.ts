import type { Verdict } from './read-verdict.ts';

const VIOLATIONS_SHOWN_MAX = 50;

export type Ending = {
  /** The faults that were injected, by kind. */
  faults: ReadonlyMap<string, number>;
  /** Services that ended though nobody killed them. */
  crashCount: number;
  verdict: Verdict;
};

/** The last lines of a run: what was done, what came of it, what is wrong. */
export function verdictTable({ faults, crashCount, verdict }: Ending): string[] {
  const { counts, violations } = verdict;
  const injected = [...faults].sort(([a], [b]) => a.localeCompare(b));
  const rows = [...injected, ['services that ended by themselves', crashCount] as const];
  const width = Math.max(...[...rows, ...counts].map(([what]) => what.length));
  const line = ([what, count]: readonly [string, number]) =>
    `  ${what.padEnd(width)}  ${String(count).padStart(6)}`;
  const rest = violations.length - VIOLATIONS_SHOWN_MAX;
  return [
    'Injected',
    ...rows.map(line),
    'What came of it',
    ...counts.map(line),
    violations.length === 0
      ? '✓ nothing lost, nothing doubled, every charge once, the books agree'
      : `✗ ${violations.length} things are wrong`,
    ...violations.slice(0, VIOLATIONS_SHOWN_MAX).map((violation) => `  ${violation}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}
