import type { UsageSummary } from '@tollgate/shared/notifications/usage-summary.ts';
import { type UsageSummaryWording, usageSummaryWordings } from './usage-summary-wording.ts';
import { wordUsageSummary } from './word-usage-summary.ts';
import { writeUsageSummaryHtml } from './write-usage-summary-html.ts';
import { writeUsageSummaryText } from './write-usage-summary-text.ts';

/** The mail of a usage summary, as plain text and as HTML without any outside reference. */
export function renderUsageSummary(
  summary: UsageSummary,
  wording: UsageSummaryWording = usageSummaryWordings[summary.locale ?? 'en'],
): { subject: string; text: string; html: string } {
  const words = wordUsageSummary(summary, wording);
  return {
    subject: words.subject,
    text: writeUsageSummaryText(words),
    html: writeUsageSummaryHtml(words),
  };
}
