const timerMaxMs = 60 * 60 * 1000;

export interface Alarm {
  /** Rings at the instant (milliseconds since 1970) unless it is going to ring earlier anyway. */
  set(at: number): void;
  clear(): void;
}

/** Returns an alarm on the given clock. It may ring too early, never too late while the clock runs normally. */
export function createAlarm(now: () => Date, ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let ringsAt = Number.POSITIVE_INFINITY;

  function clear(): void {
    clearTimeout(timer);
    ringsAt = Number.POSITIVE_INFINITY;
  }

  return {
    clear,
    set: (at) => {
      if (at >= ringsAt) return;
      clear();
      ringsAt = at;
      const waitMs = Math.min(Math.max(at - now().getTime(), 1), timerMaxMs);
      timer = setTimeout(() => {
        clear();
        ring();
      }, waitMs);
    },
  };
}
