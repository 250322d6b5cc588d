import { openPeriod } from '../billing/open-period.ts';
import type { LimitUnit } from '../guards/guard-rules.ts';
import type { Db } from '../runtime/database.ts';
import type { Cadence } from '../time/local-time.ts';
import { recordTenantEvent } from './tenant-events.ts';

export type NewTenant = {
  id: string;
  name: string;
  planId: string;
  paymentTerms: 'prepaid' | 'postpaid';
  currency: string;
  defaultCountry: string;
  timeZone: string;
  dataKeyWrapped: Uint8Array<ArrayBuffer>;
  /** Money a postpaid tenant may owe; 0 for prepaid. */
  creditLimitMicros: bigint;
  createdAt: Date;
  /** An operator's e-mail; "tollgate" where it is left out. */
  createdBy?: string;
  /** How its usage is billed; by default monthly, without collection and mail. */
  billing?: BillingSettings;
};

export type BillingSettings = {
  cadence?: Cadence;
  collection?: 'none' | 'subscription_item';
  notifications?: boolean;
  email?: string;
  stripeCustomerId?: string;
  stripeSubscriptionId?: string;
};

/** Creates a tenant with its account, SMS switched off, and its first billing period. */
export async function createTenant(
  db: Db,
  { creditLimitMicros, billing = {}, createdBy = 'tollgate', ...tenant }: NewTenant,
): Promise<void> {
  await db.tenant.create({
    data: { ...tenant, smsSettings: { create: {} }, billingSettings: { create: billing } },
  });
  await db.account.create({ data: { tenantId: tenant.id, currency: tenant.currency, creditLimitMicros } });
  const { id: tenantId, planId, createdAt } = tenant;
  await recordTenantEvent(
    db,
    { tenantId, kind: 'created', actor: createdBy, detail: { plan: planId } },
    createdAt,
  );
  await openPeriod(db, tenant.id, tenant.createdAt);
}

export type SmsSettingsChange = {
  enabled?: boolean;
  sender?: string | null;
  chargeOn?: 'accepted' | 'sent' | 'delivered';
  onInsufficientCredit?: 'reject' | 'hold';
  /** Empty: every country. */
  allowedCountries?: string[];
  ratePerSecond?: number | null;
  /** HH:MM, both or none. */
  quietFrom?: string | null;
  quietUntil?: string | null;
  limitUnit?: LimitUnit;
  onLimitReached?: 'reject' | 'hold';
  minuteLimit?: bigint | null;
  dayLimit?: bigint | null;
  monthLimit?: bigint | null;
  recipientDayLimit?: bigint | null;
  /** Decimal strings by country, or by `*` for every other. */
  countryDayLimits?: Record<string, string>;
};

/** Changes what is given; everything else stays. Switching SMS on or off goes into the tenant's history. */
export async function changeSmsSettings(
  db: Db,
  tenantId: string,
  change: SmsSettingsChange,
  { actor, at }: { actor: string; at: Date },
): Promise<void> {
  const { enabled } = change;
  if (enabled !== undefined) {
    const { count } = await db.smsSettings.updateMany({
      where: { tenantId, enabled: !enabled },
      data: { enabled },
    });
    const kind = enabled ? 'sms_enabled' : 'sms_disabled';
    if (count > 0) await recordTenantEvent(db, { tenantId, kind, actor }, at);
  }
  await db.smsSettings.update({ where: { tenantId }, data: change });
}
