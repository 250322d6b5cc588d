/** How many per second, from `startMs` of the performance clock to now. */
export function perSecond(count: number, startMs: number): number {
  return (count / (performance.now() - startMs)) * 1_000;
}
