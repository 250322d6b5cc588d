import type { NoticeWords } from './notice-words.ts';

/** The mail for mailboxes that show no HTML. */
export function writeNoticeText({ heading, paragraphs, facts, link, closing }: NoticeWords): string {
  const width = Math.max(0, ...facts.map(({ label }) => label.length));
  const blocks = [
    heading,
    ...paragraphs,
    facts.map(({ label, value }) => `${`${label}:`.padEnd(width + 1)}  ${value}`).join('\n'),
    link === null ? '' : `${link.label}: ${link.url}`,
    closing,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
