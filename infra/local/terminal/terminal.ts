/** What is written to: standard output, or a stand-in. */
export type Screen = { write(text: string): unknown; isTTY?: boolean; columns?: number };

export type Terminal = {
  /** Writes a line that stays, above the live lines. */
  print(line: string): void;
  /** Replaces the live lines at the bottom. Shows nothing where lines cannot be redrawn or would not fit. */
  live(lines: string[]): void;
  /** Whether live lines of that many columns are shown. */
  canRedraw(columns: number): boolean;
};

/**
 * Lines that scroll, with a few at the bottom that are redrawn in place where the screen is a terminal. `kind` is
 * what TERM says of it.
 */
export function createTerminal(screen: Screen, kind: string | undefined): Terminal {
  let shown: string[] = [];
  const redraws = screen.isTTY === true && kind !== 'dumb';
  // Up to the first live line, then everything below it away.
  const erase = () => (shown.length === 0 ? '' : `\u001b[${shown.length}A\u001b[J`);
  const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('');
  return {
    print(line) {
      screen.write(`${erase()}${line}\n${text(shown)}`);
    },
    live(lines) {
      if (!redraws) return;
      screen.write(`${erase()}${text(lines)}`);
      shown = lines;
    },
    canRedraw: (columns) => redraws && columns < (screen.columns ?? 80),
  };
}
