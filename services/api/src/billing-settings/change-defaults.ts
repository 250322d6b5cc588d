import type { BillingDefaults } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { BillingDefaultsRequest } from './defaults-request.ts';

/** Changes what is given of the operators' settings; the issuer's fields likewise, each by itself. */
export async function changeBillingDefaults(
  db: Db,
  { issuer, ...request }: BillingDefaultsRequest,
  { by, at }: { by: string; at: Date },
): Promise<BillingDefaults> {
  await db.$executeRaw`
    INSERT INTO billing_defaults (id, changed_at, changed_by) VALUES (1, ${at}, ${by}) ON CONFLICT DO NOTHING`;
  await db.$queryRaw`SELECT 1 FROM billing_defaults WHERE id = 1 FOR UPDATE`;
  const standing = await db.billingDefaults.findUniqueOrThrow({ where: { id: 1 } });
  return db.billingDefaults.update({
    where: { id: 1 },
    data: {
      ...dropUndefined(request),
      issuer: { ...(standing.issuer as object), ...dropUndefined(issuer ?? {}) },
      changedAt: at,
      changedBy: by,
    },
  });
}

function dropUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
