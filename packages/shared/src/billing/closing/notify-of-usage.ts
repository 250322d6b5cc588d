import { formatMicros } from '../../money/money.ts';
import { notifyTenant } from '../../notifications/notify-tenant.ts';
import type { Transaction } from '../../runtime/transaction.ts';
import { lastLocalDay, localDate } from '../../time/local-time.ts';
import { SMS_METER } from '../../usage/message-usage.ts';
import type { OpenPeriod } from '../periods.ts';
import type { StampedRollup } from '../rollups.ts';
import type { Bill } from './compose-bill.ts';

export type ClosedPeriod = {
  period: OpenPeriod;
  rollups: readonly StampedRollup[];
  invoice: Bill & { id: string };
  now: Date;
};

/** Tells the tenant what the period came to, where it wants to be told; once per invoice. */
export async function notifyOfUsage(tx: Transaction, closed: ClosedPeriod): Promise<void> {
  const { period, rollups, invoice, now } = closed;
  const taken = new Set(invoice.rollupIds);
  const sms = rollups.filter(({ id, meter }) => meter === SMS_METER && taken.has(id));
  const lines = invoice.lines.filter(({ kind }) => kind !== 'section');
  const content = {
    timeZone: period.timeZone,
    firstDay: localDate(period.startsAt, period.timeZone),
    lastDay: lastLocalDay(period.endsAt, period.timeZone),
    currency: period.currency,
    messages: String(sms.reduce((sum, { eventCount }) => sum + eventCount, 0n)),
    segments: String(sms.reduce((sum, { quantity }) => sum + quantity, 0n)),
    usage: formatMicros(invoice.usageMicros),
    owed: formatMicros(invoice.settlesMicros + invoice.chargesMicros),
    document: invoice.document,
    lines: lines.map(({ kind, meter, country, description, quantity, amountMicros }) => ({
      kind,
      meter,
      country,
      description,
      quantity: String(quantity),
      amount: formatMicros(amountMicros),
    })),
  };
  const { tenantId } = period;
  await notifyTenant(tx, { kind: 'usage_summary', tenantId, subjectId: invoice.id, content }, now);
}
