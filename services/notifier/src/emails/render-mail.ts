import type { MailContent } from '@tollgate/shared/notifications/notices.ts';
import { renderUsageSummary } from './usage-summary.ts';
import { wordNotice } from './word-notice.ts';
import { writeNoticeHtml } from './write-notice-html.ts';
import { writeNoticeText } from './write-notice-text.ts';

export type RenderedMail = { subject: string; text: string; html: string };

/** A mail as plain text and as HTML that loads nothing from outside, in its tenant's language. */
export function renderMail(mail: MailContent): RenderedMail {
  const { subject, text, html } =
    mail.kind === 'usage_summary' ? renderUsageSummary(mail.content) : renderNotice(wordNotice(mail));
  // A line break in a name would end the header.
  return { subject: subject.replace(/[\s\p{Cc}]+/gu, ' ').trim(), text, html };
}

function renderNotice(words: ReturnType<typeof wordNotice>): RenderedMail {
  return { subject: words.subject, text: writeNoticeText(words), html: writeNoticeHtml(words) };
}
