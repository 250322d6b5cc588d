import type { Account } from '@tollgate/shared/credit/accounts.ts';
import { availableMicros } from '@tollgate/shared/credit/fit-within-credit.ts';
import type { Tenant, TenantEvent } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { suspensionReasons } from '@tollgate/shared/tenants/suspend-tenant.ts';
import { tenantEventKinds } from '@tollgate/shared/tenants/tenant-events.ts';
import { z } from 'zod';

const amount = z.string().meta({ example: '98.50' });

export const TenantView = z
  .object({
    id: z.string().meta({ example: 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    name: z.string(),
    status: z.enum(['active', 'suspended', 'deleted']),
    suspensionReason: z.enum(suspensionReasons).nullable(),
    resumeRequestedAt: z.iso.datetime().nullable(),
    plan: z.string(),
    paymentTerms: z.enum(['prepaid', 'postpaid']),
    currency: z.string(),
    defaultCountry: z.string(),
    timeZone: z.string(),
    balance: amount,
    reserved: amount,
    creditLimit: amount,
    available: amount,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Tenant' });
export type TenantView = z.infer<typeof TenantView>;

export const TenantEventView = z
  .object({
    id: z.string(),
    kind: z.enum(tenantEventKinds),
    actor: z.string().meta({ description: 'An operator’s e-mail, an API key’s id, or "tollgate".' }),
    detail: z.record(z.string(), z.unknown()),
    occurredAt: z.iso.datetime(),
    isBackfilled: z.boolean().meta({ description: 'Filled in afterwards from what was known.' }),
  })
  .meta({ id: 'TenantEvent' });

export const TenantWithHistory = TenantView.extend({
  smsEnabled: z.boolean(),
  history: z.array(TenantEventView).meta({ description: 'The latest, newest first.' }),
}).meta({ id: 'TenantWithHistory' });

const nothing = { balanceMicros: 0n, reservedMicros: 0n, creditLimitMicros: 0n };

/** A tenant with its account, as operators see it. */
export function viewTenant(tenant: Tenant, account: Account | null): TenantView {
  const { balanceMicros, reservedMicros, creditLimitMicros } = account ?? nothing;
  return {
    id: toPublicId('tnt', tenant.id),
    name: tenant.name,
    status: tenant.status as TenantView['status'],
    suspensionReason: tenant.suspensionReason as TenantView['suspensionReason'],
    resumeRequestedAt: tenant.resumeRequestedAt?.toISOString() ?? null,
    plan: tenant.planId,
    paymentTerms: tenant.paymentTerms as TenantView['paymentTerms'],
    currency: tenant.currency,
    defaultCountry: tenant.defaultCountry,
    timeZone: tenant.timeZone,
    balance: formatMicros(balanceMicros),
    reserved: formatMicros(reservedMicros),
    creditLimit: formatMicros(creditLimitMicros),
    available: formatMicros(availableMicros({ balanceMicros, reservedMicros, creditLimitMicros })),
    createdAt: tenant.createdAt.toISOString(),
  };
}

export function viewTenantEvent(event: TenantEvent): z.infer<typeof TenantEventView> {
  return {
    id: toPublicId('hst', event.id),
    kind: event.kind as z.infer<typeof TenantEventView>['kind'],
    actor: event.actor,
    detail: event.detail as Record<string, unknown>,
    occurredAt: event.occurredAt.toISOString(),
    isBackfilled: event.isBackfilled,
  };
}
