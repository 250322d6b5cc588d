import { formatMoney, parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import type { UsageSummary } from '@tollgate/shared/notifications/usage-summary.ts';
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
      messages: formatCount(summary.messages, locale),
      segments: formatCount(summary.segments, locale),
      isOneMessage: summary.messages === '1',
      isOneSegment: summary.segments === '1',
    }),
    columns: wording.columns,
    lines: summary.lines.map(({ description, quantity, amount }) => ({
      description,
      quantity: formatCount(quantity, locale),
      amount: money(amount),
    })),
    total: { label: wording.usage, amount: money(summary.usage) },
    conclusion: owes ? wording.owed(money(summary.owed)) : wording.nothingOwed,
    note: owes && summary.document === 'stripe' ? wording.owedByStripe : null,
    closing: wording.closing,
  };
}

// The days are local already: read and written in one zone, they stay what they are.
function formatPeriod({ firstDay, lastDay }: UsageSummary, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return format.formatRange(new Date(firstDay), new Date(lastDay));
}

function formatCount(text: string, locale: string): string {
  return /^\d+$/.test(text) ? new Intl.NumberFormat(locale).format(BigInt(text)) : text;
}
