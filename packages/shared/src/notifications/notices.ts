import { z } from 'zod';
import { Currency } from '../money/money.ts';
import { amount, frame, InvoiceFacts } from './mail-parts.ts';
import { UsageSummary } from './usage-summary.ts';

export const SuspensionReason = z.enum(['tenant', 'operator', 'unpaid', 'dispute']);
export type SuspensionReason = z.infer<typeof SuspensionReason>;

const Scope = z.enum(['all', 'promotional']);

const ofInvoice = { invoiceId: z.uuid() };
const ofInvoiceOrNone = { invoiceId: z.uuid().nullable() };
const money = { amount, currency: Currency };

/** What whoever knows the fact says of it, by kind. Amounts are decimal strings such as "1.50". */
export const noticeContents = {
  usage_summary: UsageSummary.omit({ tenantName: true, locale: true, invoiceId: true }),
  invoice_issued: z.object(ofInvoice),
  /** `url`: where it can be paid. */
  payment_failed: z.object({ ...ofInvoiceOrNone, ...money, url: z.url().nullable() }),
  payment_received: z.object({ ...ofInvoiceOrNone, ...money, reference: z.string() }),
  reminder: z.object({ ...ofInvoice, level: z.int().min(1).max(9) }),
  /** `usage` of `threshold`; counted segments, as whole numbers, where there is no currency. */
  threshold: z.object({
    percent: z.int().min(1),
    usage: amount,
    threshold: amount,
    currency: Currency.nullable(),
  }),
  /** A sending limit that `line` per cent of was used in the window. */
  limit_reached: z.object({
    guard: z.string(),
    subject: z.string(),
    line: z.union([z.int(), z.string()]),
    window: z.string(),
  }),
  low_balance: z.object({ available: amount, line: amount, currency: Currency }),
  /** `scope`: every message, or only promotional ones, which wait for an invoice past due. */
  suspended: z.object({ reason: SuspensionReason, scope: Scope.default('all') }),
  /** `reason`: why it had been suspended. */
  resumed: z.object({ reason: SuspensionReason, scope: Scope.default('all') }),
  top_up_failed: z.object({ ...money, reason: z.string() }),
} as const;

export type NoticeKind = keyof typeof noticeContents;
export const noticeKinds = Object.keys(noticeContents) as NoticeKind[];

type NoticeOf<Kind extends NoticeKind> = {
  tenantId: string;
  /** The id of what it tells about (a UUID): a subject is told once per kind. */
  subjectId: string;
  kind: Kind;
  content: z.input<(typeof noticeContents)[Kind]>;
};

/** Something that a tenant is told by mail. */
export type Notice = { [Kind in NoticeKind]: NoticeOf<Kind> }[NoticeKind];

const about = { ...frame, invoice: InvoiceFacts };
const aboutOrNone = { ...frame, invoice: InvoiceFacts.nullable() };

/** What is frozen in the row: all that the mail says. */
export const MailContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('usage_summary'), content: UsageSummary }),
  z.object({ kind: z.literal('invoice_issued'), content: noticeContents.invoice_issued.extend(about) }),
  z.object({ kind: z.literal('payment_failed'), content: noticeContents.payment_failed.extend(aboutOrNone) }),
  z.object({
    kind: z.literal('payment_received'),
    content: noticeContents.payment_received.extend(aboutOrNone),
  }),
  z.object({ kind: z.literal('reminder'), content: noticeContents.reminder.extend(about) }),
  z.object({ kind: z.literal('threshold'), content: noticeContents.threshold.extend(frame) }),
  z.object({ kind: z.literal('limit_reached'), content: noticeContents.limit_reached.extend(frame) }),
  z.object({ kind: z.literal('low_balance'), content: noticeContents.low_balance.extend(frame) }),
  z.object({ kind: z.literal('suspended'), content: noticeContents.suspended.extend(frame) }),
  z.object({ kind: z.literal('resumed'), content: noticeContents.resumed.extend(frame) }),
  z.object({ kind: z.literal('top_up_failed'), content: noticeContents.top_up_failed.extend(frame) }),
]);
export type MailContent = z.infer<typeof MailContent>;
