import type { z } from 'zod';

/** The switches of a running simulator. What is given is validated; a mistake or unknown field throws ZodError. */
export interface FaultSwitches<Faults, FaultsInput = Faults> {
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
  write(faults: unknown): void;
}

/** Returns switches that start as remembered; an empty object must be valid and mean that nothing is switched on. */
export function createFaultSwitches<Schema extends z.ZodType>(
  schema: Schema,
  memory: FaultMemory,
): FaultSwitches<z.output<Schema>, z.input<Schema>> {
  let faults = schema.parse(memory.read() ?? {});
  const set = (input: unknown): z.output<Schema> => {
    faults = schema.parse(input);
    memory.write(faults);
    return faults;
  };
  return {
    current: () => faults,
    set,
    change: (changes) => set({ ...(faults as object), ...changes }),
    clear: () => set({}),
  };
}
