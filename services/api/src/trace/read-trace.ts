import { paymentReference } from '@tollgate/shared/billing/settle-invoice.ts';
import { type MessageEntry, readMessageEntries } from '@tollgate/shared/credit/message-entries.ts';
import type { CreditReservation, Prisma, StripePush } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { SMS_METER, usageSourcesOfMessage } from '@tollgate/shared/usage/message-usage.ts';

const messageParts = {
  attempts: { include: { reports: { orderBy: { recordedAt: 'asc' } } }, orderBy: { number: 'asc' } },
} as const satisfies Prisma.MessageInclude;

const usageParts = {
  rollup: {
    include: {
      invoice: { include: { period: true, lines: { orderBy: { position: 'asc' } } } },
    },
  },
} as const satisfies Prisma.UsageEventInclude;

export type TracedMessage = Prisma.MessageGetPayload<{ include: typeof messageParts }>;
export type TracedUsage = Prisma.UsageEventGetPayload<{ include: typeof usageParts }>;
export type TracedInvoice = NonNullable<NonNullable<TracedUsage['rollup']>['invoice']>;

/** Every row that a message has left, and those that stand for it further on. */
export type TraceRows = {
  message: TracedMessage;
  reservation: CreditReservation | null;
  entries: MessageEntry[];
  usage: TracedUsage[];
  /** What was pushed to Stripe for its invoices. */
  pushes: StripePush[];
  /** The ledger entries that payments of its invoices made. */
  payments: { id: string; reference: string | null }[];
};

/** Reads what a message has left, by natural keys; null when the tenant has no such message. */
export async function readTrace(db: Db, tenantId: string, messageId: string): Promise<TraceRows | null> {
  const message = await db.message.findUnique({ where: { id: messageId, tenantId }, include: messageParts });
  if (!message) return null;
  const reservation = await db.creditReservation.findUnique({ where: { messageId } });
  const entries = await readMessageEntries(db, [messageId]);
  const usage = await db.usageEvent.findMany({
    where: { tenantId, meter: SMS_METER, sourceId: { in: usageSourcesOfMessage(messageId) } },
    orderBy: { sourceId: 'asc' },
    include: usageParts,
  });
  const invoiceIds = usage.flatMap(({ rollup }) => rollup?.invoiceId ?? []);
  // Not as a third relation of the invoice: Prisma asks for relations at once, and pg's one connection of a
  // transaction warns of a third query at a time (https://github.com/prisma/orm/pull/29979).
  const pushes = await db.stripePush.findMany({ where: { invoiceId: { in: invoiceIds } } });
  const payments = await db.ledgerEntry.findMany({
    where: { tenantId, reference: { in: invoiceIds.map((id) => paymentReference(id)) } },
    select: { id: true, reference: true },
  });
  return { message, reservation, entries, usage, pushes, payments };
}
