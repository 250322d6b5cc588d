import { closeOperatorAlert } from '../alerts/operator-alerts.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { endWaiting } from '../guards/wake-restrained.ts';
import { closePeriods } from '../queues/catalog.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { lockTenant, resumeAlert } from './suspend-tenant.ts';
import { recordTenantEvent } from './tenant-events.ts';

export type Deletion = { tenantId: string; actor: string; detail?: Prisma.InputJsonObject };

/**
 * Ends a tenant: its keys are refused from the commit on, nothing more is handed over, what waits is
 * canceled by the sender and its credit released, and billing is told to make the last invoice. Nothing
 * is removed. Returns whether it was not deleted before.
 */
export async function deleteTenant(
  tx: Transaction,
  { tenantId, actor, detail = {} }: Deletion,
  at: Date,
): Promise<boolean> {
  const { db } = tx;
  await lockTenant(db, tenantId);
  const changed = await db.$executeRaw`
    UPDATE tenants SET status = 'deleted', suspension_reason = NULL, resume_requested_at = NULL
    WHERE id = ${tenantId}::uuid AND status <> 'deleted'`;
  if (changed === 0) return false;
  await recordTenantEvent(db, { tenantId, kind: 'deleted', actor, detail }, at);
  await closeOperatorAlert(db, resumeAlert(tenantId), at, actor);
  await endWaiting(db, tenantId, at);
  tx.enqueue(closePeriods, { trigger: 'manual', tenantId });
  return true;
}
