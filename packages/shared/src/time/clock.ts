/** Where the current instant comes from. It is an argument, so that tests and simulations can set it. */
export interface Clock {
  now(): Date;
}

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves the clock by the given milliseconds; a negative number moves it back. */
  advance(ms: number): void;
}

/** The machine's clock: the one place that asks for the real time. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that always shows the given instant. Throws RangeError for an invalid date. */
export function fixedClock(at: Date | string): Clock {
  return { now: manualClock(at).now };
}

/** A clock that starts at the given instant and moves by `advance`. Throws RangeError for an invalid date. */
export function manualClock(at: Date | string): ManualClock {
  let current = timeOf(new Date(at));
  return {
    now: () => new Date(current),
    advance: (ms) => {
      current = timeOf(new Date(current + ms));
    },
  };
}

function timeOf(instant: Date): number {
  if (Number.isNaN(instant.getTime())) throw new RangeError('a clock cannot show an invalid date');
  return instant.getTime();
}
