import type { Paint } from '../terminal/colours.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { formatLogLine, formatOtherLine } from './format-log-line.ts';
import { isAlarming, parseLogLine } from './parse-log-line.ts';

const LINES_KEPT = 12;

/** `all` lines are shown, or only those that somebody has to look at. */
export type Loudness = 'all' | 'alarming';

export type MergedLog = {
  receive(source: string, text: string): void;
  setLoudness(loudness: Loudness): void;
  /** The last lines of a source, or of every one, shown or not: for the report of a failure. */
  lastLines(source?: string): string[];
};

export type MergedLogDeps = { terminal: Terminal; paint: Paint; now: () => Date; loudness: Loudness };

/** One log of all services. */
export function createMergedLog({ terminal, paint, now, loudness }: MergedLogDeps): MergedLog {
  const kept = new Map<string, string[]>();
  let current = loudness;
  return {
    receive(source, text) {
      const line = parseLogLine(text);
      const shown =
        line === null
          ? formatOtherLine(source, text, now(), paint)
          : formatLogLine(source, line, now(), paint);
      kept.set(source, [...(kept.get(source) ?? []), shown].slice(-LINES_KEPT));
      // Text that is no JSON is a crash more often than not.
      const isShown = current === 'all' || line === null || isAlarming(line.level);
      if (isShown) terminal.print(shown);
    },
    setLoudness(loudness) {
      current = loudness;
    },
    lastLines: (source) => (source === undefined ? [...kept.values()].flat() : (kept.get(source) ?? [])),
  };
}
