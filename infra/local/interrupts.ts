// npm passes on the Ctrl-C that the terminal has already sent to everybody, so that one press arrives twice.
const SAME_PRESS_MS = 500;

/** Whether a signal is another press of Ctrl-C and not the echo of the first. */
export function isAnotherPress(firstAtMs: number, nowMs: number): boolean {
  return nowMs - firstAtMs >= SAME_PRESS_MS;
}

/** Calls `first` at the first SIGINT, SIGTERM or SIGHUP, and `again` at every later one that is no echo. */
export function listenForInterrupts(process: NodeJS.Process, first: () => void, again: () => void): void {
  let firstAtMs: number | null = null;
  const hear = () => {
    if (firstAtMs !== null) {
      if (isAnotherPress(firstAtMs, performance.now())) again();
      return;
    }
    firstAtMs = performance.now();
    first();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
}
