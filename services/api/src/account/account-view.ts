import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { suspensionReasons } from '@tollgate/shared/tenants/suspend-tenant.ts';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

export const AccountView = z
  .object({
    id: z.string().meta({ example: 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    name: z.string(),
    status: z.enum(['active', 'suspended']),
    suspensionReason: z.enum(suspensionReasons).nullable().meta({
      description: 'tenant: it paused itself; operator; unpaid; dispute.',
    }),
    resumeRequestedAt: z.iso.datetime().nullable(),
    plan: z.object({ id: z.string(), name: z.string(), includesSms: z.boolean() }),
    paymentTerms: z.enum(['prepaid', 'postpaid']),
    currency: z.string(),
    timeZone: z.string(),
  })
  .meta({ id: 'Account' });
export type AccountView = z.infer<typeof AccountView>;

export const ResumeRequest = z
  .strictObject({ message: storableText(500).optional().meta({ description: 'For the operators.' }) })
  .meta({ id: 'ResumeRequest' });

/** The tenant's account as it sees it. */
export async function readAccountView(db: Db, tenantId: string): Promise<AccountView> {
  const tenant = await db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    // Named, because the tenant's role may read these columns only.
    select: {
      name: true,
      status: true,
      suspensionReason: true,
      resumeRequestedAt: true,
      paymentTerms: true,
      currency: true,
      timeZone: true,
      plan: { select: { id: true, name: true, includesSms: true } },
    },
  });
  return {
    id: toPublicId('tnt', tenantId),
    name: tenant.name,
    status: tenant.status as AccountView['status'],
    suspensionReason: tenant.suspensionReason as AccountView['suspensionReason'],
    resumeRequestedAt: tenant.resumeRequestedAt?.toISOString() ?? null,
    plan: tenant.plan,
    paymentTerms: tenant.paymentTerms as AccountView['paymentTerms'],
    currency: tenant.currency,
    timeZone: tenant.timeZone,
  };
}
