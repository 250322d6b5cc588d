import { formatMicros, minorUnitsToMicros } from '../money/money.ts';
import { sendNotification } from '../queues/catalog.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { utcDay } from '../time/local-time.ts';
import { storeNotification } from './create-notification.ts';
import { isWanted } from './is-wanted.ts';
import { type InvoiceFacts, Locale } from './mail-parts.ts';
import { MailContent, type Notice } from './notices.ts';

/**
 * Tells a tenant something by mail, in its language, where it wants to be told: stores all that the
 * mail will say and wakes the notifier after the commit. Again means already done. Throws ZodError for
 * content that does not fit its kind.
 */
export async function notifyTenant(tx: Transaction, notice: Notice, at: Date): Promise<void> {
  const { tenantId, subjectId, kind, content } = notice;
  const { name, billingSettings, billingDetails } = await tx.db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: {
      name: true,
      billingSettings: { select: { email: true, notifications: true, reminders: true, mutedKinds: true } },
      billingDetails: { select: { locale: true } },
    },
  });
  if (!billingSettings?.email || !isWanted(kind, billingSettings)) return;
  const mail = MailContent.parse({
    kind,
    content: {
      ...content,
      ...(await invoiceParts(tx.db, notice)),
      tenantName: name,
      locale: Locale.catch('en').parse(billingDetails?.locale),
    },
  });
  const recipient = billingSettings.email;
  const notificationId = await storeNotification(tx.db, { tenantId, subjectId, recipient, ...mail }, at);
  if (notificationId !== null) tx.enqueue(sendNotification, { notificationId });
}

async function invoiceParts(db: Db, { kind, subjectId, content }: Notice) {
  switch (kind) {
    case 'usage_summary':
      return summaryParts(db, subjectId, content.lines);
    case 'invoice_issued':
    case 'reminder':
    case 'payment_failed':
    case 'payment_received':
      return { invoice: content.invoiceId === null ? null : await readFacts(db, content.invoiceId) };
    default:
      return {};
  }
}

type SummaryLine = Extract<Notice, { kind: 'usage_summary' }>['content']['lines'][number];

/** The record that a summary is of, and what each of its lines is, so that it can be named in any language. */
async function summaryParts(db: Db, invoiceId: string, lines: readonly SummaryLine[]) {
  const invoice = await db.invoice.findUnique({
    where: { id: invoiceId },
    select: { id: true, lines: { orderBy: { position: 'asc' } } },
  });
  if (invoice === null) return {};
  if (invoice.lines.length !== lines.length) return { invoiceId };
  return {
    invoiceId,
    lines: lines.map((line, index) => {
      const { kind = '', meter = '', country = '' } = invoice.lines[index] ?? {};
      return { kind, meter, country, ...line };
    }),
  };
}

async function readFacts(db: Db, id: string): Promise<InvoiceFacts> {
  const invoice = await db.invoice.findUniqueOrThrow({ where: { id } });
  const { currency, grossMinor, paidMinor, creditedMinor, dueOn } = invoice;
  const toPay = invoice.state === 'paid' ? 0n : grossMinor - paidMinor - creditedMinor;
  const amount = (minor: bigint) => formatMicros(minorUnitsToMicros(minor, currency));
  return {
    id,
    number: invoice.number ?? invoice.stripeInvoiceNumber,
    kind: invoice.kind as InvoiceFacts['kind'],
    document: invoice.document as InvoiceFacts['document'],
    currency,
    gross: amount(grossMinor),
    outstanding: amount(toPay > 0n ? toPay : 0n),
    dueOn: dueOn && utcDay(dueOn),
    url: invoice.stripeInvoiceUrl,
  };
}
