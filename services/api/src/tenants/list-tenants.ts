import { accountKey, listAccounts } from '@tollgate/shared/credit/accounts.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { storableText } from '../problems/storable-text.ts';
import { TenantView, viewTenant } from './tenant-view.ts';

const timeline = defineTimeline('tenants', 'createdAt');

export const TenantsQuery = z.strictObject({
  status: z.enum(['active', 'suspended', 'deleted']).optional(),
  plan: storableText(50).optional(),
  name: storableText(200).optional().meta({ description: 'A part of the name, in any case.' }),
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});
export type TenantsQuery = z.infer<typeof TenantsQuery>;

export const TenantsView = z.object({ tenants: z.array(TenantView), ...pageEnd }).meta({ id: 'Tenants' });

/** Tenants that fit the filters, newest first. */
export async function listTenants(
  db: Db,
  { status, plan, name, limit, cursor: after }: TenantsQuery,
): Promise<z.infer<typeof TenantsView>> {
  const rows = await db.tenant.findMany({
    where: {
      ...(status && { status }),
      ...(plan && { planId: plan }),
      ...(name && { name: { contains: name, mode: 'insensitive' } }),
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
  });
  const { page, end } = timeline.cut(rows, limit);
  const accounts = await listAccounts(
    db,
    page.map(({ id }) => id),
  );
  const byKey = new Map(accounts.map((account) => [accountKey(account), account]));
  return {
    tenants: page.map((tenant) =>
      viewTenant(tenant, byKey.get(accountKey({ tenantId: tenant.id, currency: tenant.currency })) ?? null),
    ),
    ...end,
  };
}
