import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';

/** Every way in which the books disagree with themselves; empty when they are right. */
export async function findDiscrepancies(prisma: PrismaClient): Promise<string[]> {
  const { checks } = await reconcile(prisma, systemClock.now());
  return checks.flatMap(({ name, discrepancies }) =>
    discrepancies.map(({ subject, tenantId, detail }) => `${name}: ${subject} of ${tenantId}: ${detail}`),
  );
}
