import type { Crossing } from '@tollgate/shared/guards/decide-crossings.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';

export type AlarmDeps = { logger: Logger };

/** Tells operators of lines of limits that were crossed now. */
export function tellCrossings({ logger }: AlarmDeps, crossings: readonly Crossing[]): void {
  for (const { tenantId, guard, subject, window, line, unit, limitValue } of crossings) {
    const limit = limitValue.toString();
    logger.warn(
      { tenantId, guard, subject, window, line, unit, limit },
      'a limit of sending is used up so far',
    );
  }
}
