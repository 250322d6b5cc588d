import type { SubmissionOutcome } from './sms-provider.ts';

export type CallSize = {
  /** How many messages the next call carries. */
  current(): number;
  /** Learns from a call: an unknown outcome makes the next ones single, each success doubles them again. */
  learn(outcomes: readonly SubmissionOutcome[]): void;
};

/**
 * An outcome that nobody knows costs every message of its call a look-up and a wait. While the
 * provider is in doubt, calls carry one message, so that a doubt touches one.
 */
export function createCallSize(sizeMax: number): CallSize {
  let size = sizeMax;
  return {
    current: () => size,
    learn(outcomes) {
      if (outcomes.some(({ kind }) => kind === 'unknown')) size = 1;
      else if (outcomes.some(({ kind }) => kind === 'accepted')) size = Math.min(sizeMax, size * 2);
    },
  };
}
