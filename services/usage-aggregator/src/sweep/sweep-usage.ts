import { rollUpUsage } from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { findUnrolledTenants } from '@tollgate/shared/usage/roll-up.ts';

const TENANTS_PER_SWEEP = 1_000;

/** Wakes the roll-up of tenants whose job was lost. Waking one too many is harmless. */
export async function sweepUsage(tx: Transaction): Promise<number> {
  const tenantIds = await findUnrolledTenants(tx.db, TENANTS_PER_SWEEP);
  for (const tenantId of tenantIds) tx.enqueue(rollUpUsage, { tenantId }, { deduplicationId: tenantId });
  return tenantIds.length;
}
