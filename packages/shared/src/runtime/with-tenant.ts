import type { PrismaClient } from '../generated/prisma/client.ts';
import { SECOND_MS } from '../time/durations.ts';
import type { Db } from './database.ts';

/**
 * Runs tenant-facing reads as the role `tollgate_tenant`, which row-level security confines to the
 * rows of one tenant: a forgotten WHERE clause shows nothing instead of somebody else's data.
 */
export function withTenant<Result>(
  prisma: PrismaClient,
  tenantId: string,
  read: (db: Db) => Promise<Result>,
): Promise<Result> {
  return prisma.$transaction(
    async (db) => {
      await db.$queryRaw`SELECT set_config('role', 'tollgate_tenant', true),
                                set_config('tollgate.tenant_id', ${tenantId}, true)`;
      return read(db);
    },
    { maxWait: 5 * SECOND_MS, timeout: 10 * SECOND_MS },
  );
}
