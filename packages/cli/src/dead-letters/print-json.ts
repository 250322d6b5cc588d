import type { Surroundings } from '../command.ts';

/** Prints a value as JSON; money stays exact as a decimal string of micros. */
export function printJson({ print }: Pick<Surroundings, 'print'>, value: unknown): void {
  const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? part.toString() : part), 2);
  print(`${text}\n`);
}
