import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';

/** Whose customer it is: by our own record of it, else by what it carries. Null where it is not ours. */
export async function findStripeTenant(
  db: Db,
  customerId: string,
  metadata: Record<string, string> | null = null,
): Promise<string | null> {
  const known = await db.stripeCustomer.findUnique({ where: { customerId } });
  if (known) return known.tenantId;
  const settings = await db.billingSettings.findFirst({ where: { stripeCustomerId: customerId } });
  if (settings) return settings.tenantId;
  const named = fromPublicId('tnt', metadata?.tenant_id ?? '');
  if (named === null) return null;
  const tenant = await db.tenant.findUnique({ where: { id: named }, select: { id: true } });
  return tenant?.id ?? null;
}
