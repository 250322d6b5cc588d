import type { FaultSwitches as Switches } from '../../common/fault-switches.ts';
import type { Faults, FaultsInput, ReadFault, WriteFault } from './faults.ts';

export type FaultSwitches = Switches<Faults, FaultsInput>;

/** Returns the fault for this write, taking it off the queue, or undefined when the call should go well. */
export function takeWriteFault(switches: FaultSwitches, path: string): WriteFault | undefined {
  const { nextWrites, always } = switches.current();
  const next = nextWrites.find((fault) => fits(fault, path));
  if (next === undefined) return always !== undefined && fits(always, path) ? always : undefined;
  switches.change({ nextWrites: nextWrites.filter((fault) => fault !== next) });
  return next;
}

/** Returns the fault for this read, if there is one. */
export function readFault(switches: FaultSwitches, path: string): ReadFault | undefined {
  const { reads } = switches.current();
  return reads !== undefined && fits(reads, path) ? reads : undefined;
}

/** Returns the decline code with which card payments fail, or undefined when they succeed. */
export function declineCode({ declinePayments }: Faults): string | undefined {
  if (declinePayments === false) return undefined;
  return declinePayments === true ? 'generic_decline' : declinePayments;
}

/** Takes lost events off the number that is still to be lost. */
export function countLostEvents(switches: FaultSwitches, lost: number): void {
  const { webhooks } = switches.current();
  if (lost > 0)
    switches.change({ webhooks: { ...webhooks, lose: Math.max(0, (webhooks.lose ?? 0) - lost) } });
}

function fits(fault: { path?: string | undefined }, path: string): boolean {
  return fault.path === undefined || path.startsWith(fault.path);
}
