import type { UsageSummary } from '@tollgate/shared/notifications/usage-summary.ts';
import { english } from './usage-summary-wording.ts';
import { wordUsageSummary } from './word-usage-summary.ts';
import { writeUsageSummaryHtml } from './write-usage-summary-html.ts';
import { writeUsageSummaryText } from './write-usage-summary-text.ts';

export type RenderedMail = { subject: string; text: string; html: string };

/** The mail of a usage summary, as plain text and as HTML without any outside reference. */
export function renderUsageSummary(summary: UsageSummary, wording = english): RenderedMail {
  const words = wordUsageSummary(summary, wording);
  return {
    // A line break in a name would end the header.
    subject: words.subject.replace(/\s+/g, ' '),
    text: writeUsageSummaryText(words),
    html: writeUsageSummaryHtml(words),
  };
}
