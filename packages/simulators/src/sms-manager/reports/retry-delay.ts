const retryDelaysMs = [30_000, 60_000, 120_000, 240_000];

/** Returns how long to wait after so many failed attempts, or null when the report is dropped (after the fifth). */
export function retryDelayMs(failedAttempts: number, scale: number): number | null {
  const delayMs = retryDelaysMs[failedAttempts - 1];
  return delayMs === undefined ? null : Math.ceil(delayMs * scale);
}
