import { lockAccounts } from '../../credit/accounts.ts';
import type { Db } from '../../runtime/database.ts';
import { addLocalDays, lastLocalDay, localDate } from '../../time/local-time.ts';
import { SMS_METER } from '../../usage/message-usage.ts';
import { sumUnsettled } from '../invoices.ts';
import type { OpenPeriod } from '../periods.ts';
import { lockOpenRollups, type StampedRollup } from '../rollups.ts';
import type { BillFacts, Carried } from './compose-bill.ts';
import { FEE_PREFIX, PLAN_PREFIX } from './fee-days.ts';
import { resolvePayer } from './resolve-payer.ts';
import { lockWaitingSections } from './waiting-sections.ts';

/**
 * Locks and reads everything that decides what a period comes to: its roll-ups (of whole local days, so
 * up to and including the day on which it ends), the sections that wait for it, and the account.
 */
export async function readBillFacts(
  db: Db,
  { period, isFinal, now }: { period: OpenPeriod; isFinal: boolean; now: Date },
): Promise<BillFacts> {
  const { tenantId, currency, paymentTerms, collection, startsAt, endsAt, timeZone } = period;
  const beforeDay = isFinal ? AFTER_ALL_DAYS : addLocalDays(lastLocalDay(endsAt, timeZone), 1);
  const rollups = await lockOpenRollups(db, { tenantId, currency, beforeDay });
  const sections = await lockWaitingSections(db, { payerTenantId: tenantId, currency });
  const payerTenantId = sections.length > 0 ? null : await resolvePayer(db, period, now);
  const [account] = await lockAccounts(db, [{ tenantId, currency }]);
  return {
    paymentTerms,
    collection,
    hasPayer: payerTenantId !== null,
    currency,
    firstDay: localDate(startsAt, timeZone),
    rollups,
    meterNames: await readMeterNames(db, rollups),
    balanceMicros: account?.balanceMicros ?? 0n,
    unsettledMicros: await sumUnsettled(db, tenantId, currency),
    carried: await readCarried(db, tenantId, currency),
    sections,
  };
}

const AFTER_ALL_DAYS = '9999-12-31';

/** What invoices carried on and no later one has taken up: the carried lines of all that stand, the other way round. */
async function readCarried(db: Db, tenantId: string, currency: string): Promise<Carried> {
  const rows = await db.$queryRaw<{ isSms: boolean; micros: bigint }[]>`
    SELECT l.meter = ${SMS_METER} AS "isSms", -sum(l.amount_micros)::bigint AS micros
    FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id
    WHERE i.tenant_id = ${tenantId}::uuid AND i.currency = ${currency} AND i.state <> 'void' AND l.kind = 'carried'
    GROUP BY 1`;
  return {
    usageMicros: rows.find(({ isSms }) => isSms)?.micros ?? 0n,
    chargesMicros: rows.find(({ isSms }) => !isSms)?.micros ?? 0n,
  };
}

async function readMeterNames(
  db: Db,
  rollups: readonly StampedRollup[],
): Promise<ReadonlyMap<string, string>> {
  const meters = [...new Set(rollups.map(({ meter }) => meter))].filter((meter) => meter !== SMS_METER);
  if (meters.length === 0) return new Map();
  const named = (prefix: string) =>
    meters.filter((meter) => meter.startsWith(prefix)).map((meter) => meter.slice(prefix.length));
  const fees = await db.fee.findMany({ where: { id: { in: named(FEE_PREFIX) } } });
  const plans = await db.plan.findMany({ where: { id: { in: named(PLAN_PREFIX) } } });
  const rows = await db.meter.findMany({ where: { id: { in: meters } } });
  return new Map([
    ...rows.map(({ id, name }) => [id, name] as const),
    ...fees.map(({ id, name }) => [`${FEE_PREFIX}${id}`, name] as const),
    ...plans.map(({ id, name }) => [`${PLAN_PREFIX}${id}`, `Plan ${name}`] as const),
  ]);
}
