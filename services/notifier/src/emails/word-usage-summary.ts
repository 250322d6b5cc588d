import { formatMoney, parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import type { UsageSummary } from '@tollgate/shared/notifications/usage-summary.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import type { UsageSummaryWording } from './usage-summary-wording.ts';

/** A usage summary in words: all that stands in the mail, formatted and not yet laid out. */
export type UsageSummaryWords = {
  language: string;
  subject: string;
  heading: string;
  tenantName: string;
  period: string;
  volume: string;
  columns: UsageSummaryWording['columns'];
  lines: { description: string; quantity: string; amount: string }[];
  total: { label: string; amount: string };
  /** What is to be paid, or that nothing is. */
  conclusion: string;
  /** How it is to be paid; null where nothing is. */
  note: string | null;
  closing: string;
};

/** Puts a summary into words. Throws InvalidDecimalError for an amount that is none. */
export function wordUsageSummary(summary: UsageSummary, wording: UsageSummaryWording): UsageSummaryWords {
  const { locale } = wording;
  const money = (amount: string) =>
    formatMoney({ amountMicros: parseDecimalToMicros(amount), currency: summary.currency }, locale);
  const owes = parseDecimalToMicros(summary.owed) > 0n;
  const period = formatPeriod(summary, locale);
  return {
    language: new Intl.Locale(locale).language,
    subject: wording.subject(summary.tenantName, period),
    heading: wording.heading,
    tenantName: summary.tenantName,
    period: wording.period(period, summary.timeZone),
    volume: wording.volume({
      messages: formatCounted(summary.messages, locale),
      segments: formatCounted(summary.segments, locale),
    }),
    columns: wording.columns,
    lines: summary.lines.map((line) => ({
      description: describeLine(line, wording),
      quantity: formatCount(line.quantity, locale),
      amount: money(line.amount),
    })),
    total: { label: wording.usage, amount: money(summary.usage) },
    conclusion: owes ? wording.owed(money(summary.owed)) : wording.nothingOwed,
    note: owes ? noteOf(summary, wording) : null,
    closing: wording.closing,
  };
}

function noteOf({ document }: UsageSummary, wording: UsageSummaryWording): string | null {
  switch (document) {
    case 'stripe':
      return wording.owedByStripe;
    case 'ours':
      return wording.owedByInvoice;
    case 'section':
      return wording.owedByPayer;
    case 'statement':
      return null;
  }
}

/** SMS and credit are named in the mail's language; what operators named stays as they named it. */
function describeLine(line: UsageSummary['lines'][number], wording: UsageSummaryWording): string {
  const { description, kind, meter, country } = line;
  if (wording.smsTo === null || kind === undefined) return description;
  if (kind === 'covered_by_credit') return wording.coveredByCredit;
  if (meter !== SMS_METER) return description;
  const regions = new Intl.DisplayNames(wording.locale, { type: 'region' });
  const where = country && /^[A-Z]{2}$/.test(country) ? wording.smsTo(regions.of(country) ?? country) : 'SMS';
  return kind === 'late_usage' ? `${where}, ${wording.late}` : where;
}

function formatCounted(text: string, locale: string) {
  return { count: formatCount(text, locale), plural: new Intl.PluralRules(locale).select(Number(text)) };
}

// The days are local already: read and written in one zone, they stay what they are.
function formatPeriod({ firstDay, lastDay }: UsageSummary, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return format.formatRange(new Date(firstDay), new Date(lastDay));
}

function formatCount(text: string, locale: string): string {
  return /^\d+$/.test(text) ? new Intl.NumberFormat(locale).format(BigInt(text)) : text;
}
