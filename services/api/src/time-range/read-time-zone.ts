import type { Db } from '@tollgate/shared/runtime/database.ts';

/** The zone in which the tenant's days begin and end. */
export async function readTimeZone(db: Db, tenantId: string): Promise<string> {
  const tenant = await db.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { timeZone: true } });
  return tenant.timeZone;
}
