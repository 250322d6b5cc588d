import type { StoredCrossing } from '@tollgate/shared/guards/limit-crossings.ts';
import { notifyTenant } from '@tollgate/shared/notifications/notify-tenant.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';

export type AlarmDeps = { logger: Logger };

/** Tells tenants, by mail, and the log of lines of limits that were crossed now. */
export async function tellCrossings(
  tx: Transaction,
  { logger }: AlarmDeps,
  crossings: readonly StoredCrossing[],
  at: Date,
): Promise<void> {
  for (const { id, tenantId, guard, subject, window, line, unit, limitValue } of crossings) {
    const limit = limitValue.toString();
    const content = { guard, subject, line, window };
    await notifyTenant(tx, { tenantId, kind: 'limit_reached', subjectId: id, content }, at);
    logger.warn(
      { tenantId, guard, subject, window, line, unit, limit },
      'a limit of sending is used up so far',
    );
  }
}
