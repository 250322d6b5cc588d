import { closeOperatorAlert, raiseOperatorAlert } from '../alerts/operator-alerts.ts';
import { lockAccounts } from '../credit/accounts.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { wakeAllHeld } from '../guards/wake-restrained.ts';
import { toPublicId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { recordTenantEvent } from './tenant-events.ts';

export const suspensionReasons = ['tenant', 'operator', 'unpaid', 'dispute'] as const;
export type SuspensionReason = (typeof suspensionReasons)[number];

export const RESUME_REQUESTED = 'resume_requested';

/** What each reason takes the place of: whoever lifts the earlier one must not lift the later with it. */
const replaces: Record<SuspensionReason, readonly SuspensionReason[]> = {
  tenant: [],
  unpaid: [],
  dispute: ['unpaid'],
  operator: ['tenant', 'unpaid', 'dispute'],
};

export type Suspension = {
  tenantId: string;
  reason: SuspensionReason;
  /** An operator's e-mail, an API key's public id, or "tollgate". */
  actor: string;
  detail?: Prisma.InputJsonObject;
};

/**
 * Stops a tenant's sending, in the caller's transaction and under the lock under which messages are
 * handed over: nothing is after the commit. What waits is kept until it is resumed or no longer valid.
 * Returns whether it changed anything: a suspension for a stronger reason stays as it is.
 */
export async function suspendTenant(
  { db }: Transaction,
  { tenantId, reason, actor, detail = {} }: Suspension,
  at: Date,
): Promise<boolean> {
  await lockTenant(db, tenantId);
  const changed = await db.$executeRaw`
    UPDATE tenants SET status = 'suspended', suspension_reason = ${reason}
    WHERE id = ${tenantId}::uuid
      AND (status = 'active' OR status = 'suspended' AND suspension_reason = ANY (${replaces[reason]}::text[]))`;
  if (changed === 0) return false;
  await recordTenantEvent(db, { tenantId, kind: 'suspended', actor, detail: { ...detail, reason } }, at);
  return true;
}

export type Resumption = {
  tenantId: string;
  actor: string;
  /** Lifts only a suspension of this reason: a payment never lifts an operator's. */
  onlyIf?: SuspensionReason;
  detail?: Prisma.InputJsonObject;
};

/** Lets a suspended tenant send again and wakes what waited for it. Returns whether it was suspended so. */
export async function resumeTenant(
  { db }: Transaction,
  { tenantId, actor, onlyIf, detail = {} }: Resumption,
  at: Date,
): Promise<boolean> {
  await lockTenant(db, tenantId);
  const changed = await db.$executeRaw`
    UPDATE tenants SET status = 'active', suspension_reason = NULL, resume_requested_at = NULL
    WHERE id = ${tenantId}::uuid AND status = 'suspended'
      AND (${onlyIf ?? null}::text IS NULL OR suspension_reason = ${onlyIf ?? null})`;
  if (changed === 0) return false;
  await recordTenantEvent(db, { tenantId, kind: 'resumed', actor, detail }, at);
  await closeOperatorAlert(db, resumeAlert(tenantId), at, actor);
  await wakeAllHeld(db, { tenantId, reasons: ['suspended'] }, at);
  return true;
}

/** Asks operators to resume a suspended tenant. Returns whether it is suspended and had not asked before. */
export async function requestResume(
  { db }: Transaction,
  { tenantId, actor, message }: { tenantId: string; actor: string; message: string | null },
  at: Date,
): Promise<boolean> {
  const changed = await db.$executeRaw`
    UPDATE tenants SET resume_requested_at = ${at}
    WHERE id = ${tenantId}::uuid AND status = 'suspended' AND resume_requested_at IS NULL`;
  if (changed === 0) return false;
  const detail = message === null ? {} : { message };
  await recordTenantEvent(db, { tenantId, kind: 'resume_requested', actor, detail }, at);
  const said = message === null ? '' : `: ${message}`;
  await raiseOperatorAlert(
    db,
    { ...resumeAlert(tenantId), tenantId, detail: `a suspended tenant asks to be resumed${said}` },
    at,
  );
  return true;
}

export function resumeAlert(tenantId: string): { kind: string; subject: string } {
  return { kind: RESUME_REQUESTED, subject: toPublicId('tnt', tenantId) };
}

/** Takes the lock of the tenant's account, under which its messages are handed over. */
export async function lockTenant(db: Db, tenantId: string): Promise<void> {
  const tenant = await db.tenant.findUnique({ where: { id: tenantId }, select: { currency: true } });
  if (tenant) await lockAccounts(db, [{ tenantId, currency: tenant.currency }]);
}
