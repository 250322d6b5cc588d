/**
 * Runs works side by side. When one fails the others are aborted; resolves or throws only when all have ended, so that
 * nothing goes on behind the back of whoever cleans up.
 */
export async function together(
  signal: AbortSignal,
  works: readonly ((signal: AbortSignal) => Promise<unknown>)[],
): Promise<void> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  await Promise.allSettled(works.map((work) => work(either).catch((error) => failure.abort(error))));
  signal.throwIfAborted();
  failure.signal.throwIfAborted();
}
