const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

// Stripe does not publish its gaps; these grow and end within its three days.
const retryDelaysMs = [
  5 * second,
  30 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  6 * hour,
  18 * hour,
  36 * hour,
];

/** Returns how long to wait after so many failed attempts, or null when the event is given up. */
export function retryDelayMs(failedAttempts: number, scale: number): number | null {
  const delayMs = retryDelaysMs[failedAttempts - 1];
  return delayMs === undefined ? null : Math.ceil(delayMs * scale);
}
