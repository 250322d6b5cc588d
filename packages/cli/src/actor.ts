import type { Surroundings } from './command.ts';

/** Who acts, for the audit: the user of the machine, as far as it says. */
export function actorOf({ environment }: Pick<Surroundings, 'environment'>): string {
  return `cli ${environment.USER ?? environment.LOGNAME ?? 'unknown'}`;
}
