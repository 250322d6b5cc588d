const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const HEALTHY_AFTER_MS = 60_000;

/** How often a service crashed in a row, its last life included: one that lived a minute starts a new row. */
export function countCrashes(crashesBefore: number, livedMs: number): number {
  return livedMs >= HEALTHY_AFTER_MS ? 1 : crashesBefore + 1;
}

/** How many milliseconds to wait after so many crashes in a row: 1 s, 2 s, 4 s … up to 30 s. */
export function restartDelayMs(crashes: number): number {
  return Math.min(FIRST_MS * 2 ** (crashes - 1), LONGEST_MS);
}
