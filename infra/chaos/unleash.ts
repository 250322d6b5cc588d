import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedFault } from './faults/fault.ts';
import { inject, type Victim } from './faults/inject.ts';
import type { Lane } from './plan.ts';
import { together } from './together.ts';

export type UnleashDeps = {
  victim: Victim;
  signal: AbortSignal;
  /** Hears of each fault as it begins. */
  onFault(planned: PlannedFault): void;
};

/** Carries the plan out, its lanes side by side. Resolves when the last fault is over; throws when aborted. */
export async function unleash(
  { victim, signal, onFault }: UnleashDeps,
  lanes: readonly Lane[],
): Promise<void> {
  const startMs = performance.now();
  async function run(lane: Lane, signal: AbortSignal): Promise<void> {
    for (const planned of lane) {
      // A server may take longer to come back than was planned; what follows in its lane is late then.
      const waitMs = Math.max(0, startMs + planned.atMs - performance.now());
      await delay(waitMs, undefined, { signal });
      onFault(planned);
      await inject(victim, planned, signal);
    }
  }
  await together(
    signal,
    lanes.map((lane) => (either) => run(lane, either)),
  );
}
