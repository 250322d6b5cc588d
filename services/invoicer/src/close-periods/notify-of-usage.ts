import type { InvoiceLine } from '@tollgate/shared/billing/invoices.ts';
import type { OpenPeriod } from '@tollgate/shared/billing/periods.ts';
import type { StampedRollup } from '@tollgate/shared/billing/rollups.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { createNotification } from '@tollgate/shared/notifications/create-notification.ts';
import type { UsageSummary } from '@tollgate/shared/notifications/usage-summary.ts';
import { sendNotification } from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';

export type ClosedPeriod = {
  period: OpenPeriod;
  rollups: readonly StampedRollup[];
  invoice: {
    id: string;
    document: 'statement' | 'stripe';
    usageMicros: bigint;
    settlesMicros: bigint;
    lines: readonly InvoiceLine[];
  };
  now: Date;
};

/** Tells the tenant what the period came to, where it wants to be told; once per invoice. */
export async function notifyOfUsage(tx: Transaction, closed: ClosedPeriod): Promise<void> {
  const { period, invoice, now } = closed;
  const tenant = await tx.db.tenant.findUniqueOrThrow({
    where: { id: period.tenantId },
    include: { billingSettings: true },
  });
  const { email, notifications } = tenant.billingSettings ?? {};
  if (!email || !notifications) return;
  const notificationId = await createNotification(
    tx.db,
    {
      tenantId: period.tenantId,
      kind: 'usage_summary',
      subjectId: invoice.id,
      recipient: email,
      content: summarise(closed, tenant.name),
    },
    now,
  );
  tx.enqueue(sendNotification, { notificationId });
}

function summarise({ period, rollups, invoice }: ClosedPeriod, tenantName: string): UsageSummary {
  const sms = rollups.filter(({ meter }) => meter === SMS_METER);
  return {
    tenantName,
    timeZone: period.timeZone,
    firstDay: localDate(period.startsAt, period.timeZone),
    lastDay: localDate(new Date(period.endsAt.getTime() - 1), period.timeZone),
    currency: period.currency,
    messages: String(sms.reduce((sum, { eventCount }) => sum + eventCount, 0n)),
    segments: String(sms.reduce((sum, { quantity }) => sum + quantity, 0n)),
    usage: formatMicros(invoice.usageMicros),
    owed: formatMicros(invoice.settlesMicros),
    document: invoice.document,
    lines: invoice.lines.map(({ description, quantity, amountMicros }) => ({
      description,
      quantity: String(quantity),
      amount: formatMicros(amountMicros),
    })),
  };
}
