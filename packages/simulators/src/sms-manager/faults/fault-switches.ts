import { microsToNumber, numberToMicros } from '../messages/prices.ts';
import { Faults, type FaultsInput, type SendFault } from './faults.ts';

/** The switches of a running simulator. What is given is validated; a mistake or unknown field throws ZodError. */
export interface FaultSwitches {
  /** Returns what is switched on, with what has been consumed already taken off. */
  current(): Faults;
  /** Replaces everything. */
  set(faults: FaultsInput): Faults;
  /** Replaces the named fields only; a field given as undefined is switched off. */
  change(faults: { [Name in keyof FaultsInput]?: FaultsInput[Name] | undefined }): Faults;
  /** Switches everything off. */
  clear(): Faults;
}

/** Where switches are kept over a restart. */
export interface FaultMemory {
  read(): unknown;
  write(faults: Faults): void;
}

/** Returns switches that start as remembered. */
export function createFaultSwitches(memory: FaultMemory): FaultSwitches {
  let faults = Faults.parse(memory.read() ?? {});
  const set = (input: unknown): Faults => {
    faults = Faults.parse(input);
    memory.write(faults);
    return faults;
  };
  return {
    current: () => faults,
    set,
    change: (changes) => set({ ...faults, ...changes }),
    clear: () => set({}),
  };
}

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
