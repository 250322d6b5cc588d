import type { Db } from '../runtime/database.ts';
import type { SuspensionReason } from '../tenants/suspend-tenant.ts';
import { pastDueColumn, type UnpaidFacts, unpaidColumns, unpaidJoins } from './unpaid.ts';

/** What a limit counts over: a span of time, alone or together with a destination. */
export const guards = ['minute', 'day', 'month', 'country_day', 'recipient_day'] as const;
export type Guard = (typeof guards)[number];

export const limitUnits = ['segments', 'money'] as const;
export type LimitUnit = (typeof limitUnits)[number];

/** The key of `countryDayLimits` for every country without a limit of its own. */
export const EVERY_OTHER_COUNTRY = '*';

/** What a tenant may send. Limits are segments, or micros where the unit is money; null where there is none. */
export type GuardRules = {
  tenantId: string;
  /** The tenant's; its days and months begin there. */
  timeZone: string;
  unit: LimitUnit;
  onReached: 'reject' | 'hold';
  minute: bigint | null;
  day: bigint | null;
  month: bigint | null;
  recipientDay: bigint | null;
  countryDay: Readonly<Record<string, bigint>>;
};

/** Everything that restrains a tenant's sending. */
export type SendingRules = GuardRules & {
  status: 'active' | 'suspended' | 'deleted';
  suspensionReason: SuspensionReason | null;
  /** Whether plan and settings allow SMS at all. */
  smsAllowed: boolean;
  /** What is owed, where that may restrain sending. */
  unpaid: UnpaidFacts;
  /** Promotional messages wait for an invoice that is past due. */
  isPastDue: boolean;
  /** ISO 3166-1 alpha-2; empty: every country. */
  allowedCountries: readonly string[];
  ratePerSecond: number | null;
  quietHours: QuietHours | null;
  /** When the next message may go, where the rate is limited. */
  nextSlotAt: Date | null;
};

/** Local times of the recipient as HH:MM; past midnight where `until` is not after `from`. */
export type QuietHours = { from: string; until: string };

type RulesRow = Omit<SendingRules, 'countryDay' | 'quietHours' | 'unpaid'> &
  UnpaidFacts & {
    countryDay: Record<string, string>;
    quietFrom: string | null;
    quietUntil: string | null;
  };

/** The rules of the tenants, by tenant. Who decides by them holds the tenants' account locks. */
export async function readSendingRules(
  db: Db,
  tenantIds: readonly string[],
): Promise<Map<string, SendingRules>> {
  const rows = await db.$queryRaw<RulesRow[]>`
    SELECT s.tenant_id AS "tenantId", t.time_zone AS "timeZone", s.limit_unit AS unit,
           s.on_limit_reached AS "onReached", s.minute_limit AS minute, s.day_limit AS day, s.month_limit AS month,
           s.recipient_day_limit AS "recipientDay", s.country_day_limits AS "countryDay",
           s.allowed_countries AS "allowedCountries", s.rate_per_second AS "ratePerSecond",
           s.quiet_from AS "quietFrom", s.quiet_until AS "quietUntil", p.next_slot_at AS "nextSlotAt",
           t.status, t.suspension_reason AS "suspensionReason", (l.includes_sms AND s.enabled) AS "smsAllowed",
           ${unpaidColumns}, ${pastDueColumn}
    FROM sms_settings s JOIN tenants t ON t.id = s.tenant_id JOIN plans l ON l.id = t.plan_id
    LEFT JOIN send_paces p ON p.tenant_id = s.tenant_id ${unpaidJoins}
    WHERE s.tenant_id = ANY (${tenantIds}::uuid[])`;
  return new Map(
    rows.map(({ quietFrom, quietUntil, countryDay, ...row }) => [
      row.tenantId,
      {
        ...row,
        unpaid: row,
        countryDay: toLimits(countryDay),
        quietHours: quietFrom && quietUntil ? { from: quietFrom, until: quietUntil } : null,
      },
    ]),
  );
}

/** Limits by country, from the decimal strings in which the database keeps them. */
export function toLimits(stored: Readonly<Record<string, string>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(stored).map(([country, limit]) => [country, BigInt(limit)]));
}
