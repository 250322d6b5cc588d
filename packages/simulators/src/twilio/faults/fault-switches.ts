import type { FaultSwitches as Switches } from '../../common/fault-switches.ts';
import type { Faults, FaultsInput, SendFault } from './faults.ts';

export type FaultSwitches = Switches<Faults, FaultsInput>;

/** Returns the fault for this send call, taking it off the queue, or undefined when the call should go well. */
export function takeSendFault(switches: FaultSwitches): SendFault | undefined {
  const { nextSends, always } = switches.current();
  const [next, ...rest] = nextSends;
  if (next === undefined) return always;
  switches.change({ nextSends: rest });
  return next;
}

/** Takes one callback off the number that is still to be lost; returns whether this one is. */
export function takeLostCallback(switches: FaultSwitches): boolean {
  const { callbacks } = switches.current();
  if (!callbacks.lose) return false;
  switches.change({ callbacks: { ...callbacks, lose: callbacks.lose - 1 } });
  return true;
}
