import { lockAccounts } from '../credit/accounts.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { changeSmsSettings, type SmsSettingsChange } from '../tenants/create-tenant.ts';
import { recordTenantEvent } from '../tenants/tenant-events.ts';
import { wakeRestrained } from './wake-restrained.ts';

/** Who changes what; `given` is the change as it was asked for, kept for people. */
export type SettingsChange = {
  tenantId: string;
  currency: string;
  change: SmsSettingsChange;
  given: object;
  changedBy: string;
};

/**
 * Changes SMS settings under the lock under which they are obeyed: from the answer on nothing is
 * handed over that they forbid, and what waits for the old ones is woken.
 */
export async function changeSettings(db: Db, settings: SettingsChange, at: Date): Promise<void> {
  const { tenantId, currency, change, given, changedBy } = settings;
  await lockAccounts(db, [{ tenantId, currency }]);
  await changeSmsSettings(db, tenantId, change, { actor: changedBy, at });
  await db.smsSettingsChange.create({
    data: { id: newId(), tenantId, changedBy, change: given, changedAt: at },
  });
  await wakeRestrained(db, { tenantId, everything: change.enabled === false }, at);
}

/**
 * Puts a tenant on another plan. On one without SMS nothing is handed over any more, and what is held
 * ends at once. Returns null where there is no such tenant or plan.
 */
export async function changePlan(
  db: Db,
  { tenantId, planId, changedBy }: { tenantId: string; planId: string; changedBy: string },
  at: Date,
): Promise<{ planId: string; includesSms: boolean } | null> {
  const plan = await db.plan.findUnique({ where: { id: planId } });
  const tenant = await db.tenant.findUnique({ where: { id: tenantId }, select: { currency: true } });
  if (!plan || !tenant) return null;
  await lockAccounts(db, [{ tenantId, currency: tenant.currency }]);
  const { planId: from } = await db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (from === planId) return { planId, includesSms: plan.includesSms };
  await db.tenant.update({ where: { id: tenantId }, data: { planId } });
  await recordTenantEvent(
    db,
    { tenantId, kind: 'plan_changed', actor: changedBy, detail: { from, to: planId } },
    at,
  );
  await db.smsSettingsChange.create({
    data: { id: newId(), tenantId, changedBy, change: { plan: planId }, changedAt: at },
  });
  await wakeRestrained(db, { tenantId, everything: !plan.includesSms }, at);
  return { planId, includesSms: plan.includesSms };
}
