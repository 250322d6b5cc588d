import { createAlarm } from '../../common/alarm.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { nextDue } from './find-due.ts';

export interface AdvanceByItselfDeps {
  objects: ObjectTable;
  now: () => Date;
  advanceDue: () => void;
  onError: (error: unknown) => void;
}

export interface SelfAdvance {
  /** Looks again for what is due; to be called after every change. */
  look(): void;
  stop(): void;
}

/** Starts doing what is due when it is due. */
export function advanceByItself({ objects, now, advanceDue, onError }: AdvanceByItselfDeps): SelfAdvance {
  let isAdvancing = false;
  const alarm = createAlarm(now, () => {
    isAdvancing = true;
    try {
      advanceDue();
      isAdvancing = false;
      look();
    } catch (error) {
      // Without looking again: the next change does, and what failed would fail at once.
      isAdvancing = false;
      onError(error);
    }
  });
  function look(): void {
    // Changes made while advancing would look once for every one of them.
    const next = isAdvancing ? null : nextDue(objects);
    if (next !== null) alarm.set(next * 1000);
  }
  look();
  return { look, stop: alarm.clear };
}
