import type { FaultSwitches as Switches } from '../../common/fault-switches.ts';
import { microsToNumber, numberToMicros } from '../messages/prices.ts';
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

/** Takes an amount off the provider's credit, if it is limited. */
export function chargeCredit(switches: FaultSwitches, czkMicros: bigint): void {
  const { credit } = switches.current();
  if (credit === undefined || czkMicros === 0n) return;
  switches.change({ credit: microsToNumber(numberToMicros(credit) - czkMicros) });
}

/** Takes lost reports off the number that is still to be lost. */
export function countLostReports(switches: FaultSwitches, lost: number): void {
  const { reports } = switches.current();
  if (lost > 0) switches.change({ reports: { ...reports, lose: Math.max(0, (reports.lose ?? 0) - lost) } });
}
