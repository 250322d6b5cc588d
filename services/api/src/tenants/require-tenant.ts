import type { Tenant } from '@tollgate/shared/generated/prisma/client.ts';
import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { Problem } from '../problems/problem.ts';

/** The tenant behind a public id. Throws a Problem where there is none. */
export async function requireTenant(db: Db, publicId: string): Promise<Tenant> {
  const id = fromPublicId('tnt', publicId);
  const tenant = id && (await db.tenant.findUnique({ where: { id } }));
  if (!tenant) throw new Problem('not_found', `there is no tenant ${publicId}`);
  return tenant;
}
