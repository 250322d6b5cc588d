import type { FaultSwitches as Switches } from '../../common/fault-switches.ts';
import type { Faults, FaultsInput, MailFault } from './faults.ts';

export type FaultSwitches = Switches<Faults, FaultsInput>;

/** Returns the fault for this mail, taking it off the queue, or undefined when it should go well. */
export function takeMailFault(switches: FaultSwitches): MailFault | undefined {
  const { nextMails, always } = switches.current();
  const [next, ...rest] = nextMails;
  if (next === undefined) return always;
  switches.change({ nextMails: rest });
  return next;
}
