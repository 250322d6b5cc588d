import { escapeHtml } from './escape-html.ts';
import { numberCell, textCell, writePage } from './mail-styles.ts';
import type { NoticeWords } from './notice-words.ts';

const paragraph = 'margin:0 0 12px;font-size:15px;line-height:22px';
const button =
  'display:inline-block;padding:10px 18px;background:#1f4e79;color:#ffffff;border-radius:6px;font-size:14px;font-weight:600;text-decoration:none';

/** The mail as a page of its own; whatever a tenant or a bank wrote stands in it as text. */
export function writeNoticeHtml(words: NoticeWords & { language: string }): string {
  const { language, heading, paragraphs, facts, link, closing } = words;
  const parts = [
    ...paragraphs.map((text) => `<p style="${paragraph}">${escapeHtml(text)}</p>`),
    ...(facts.length === 0 ? [] : [writeFacts(facts)]),
    ...(link === null || !isWebAddress(link.url)
      ? []
      : [
          `<p style="margin:20px 0 0"><a href="${escapeHtml(link.url)}" style="${button}">${escapeHtml(link.label)}</a></p>`,
        ]),
  ];
  return writePage({ language, title: heading, heading, body: parts.join('\n'), closing });
}

function writeFacts(facts: NoticeWords['facts']): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><td style="${textCell};color:#57534e">${escapeHtml(label)}</td><td style="${numberCell};white-space:normal;font-weight:600">${escapeHtml(value)}</td></tr>`,
  );
  return `<table width="100%" cellspacing="0" cellpadding="0" style="margin:16px 0;border-collapse:collapse">
${rows.join('\n')}
</table>`;
}

/** A link of another scheme could run in the reader's browser. */
function isWebAddress(url: string): boolean {
  return /^https?:\/\//.test(url);
}
