import { escapeHtml } from './escape-html.ts';
import { numberCell, quiet, strong, textCell, writePage } from './mail-styles.ts';
import type { UsageSummaryWords } from './word-usage-summary.ts';

const headCell = 'font-weight:600;color:#57534e';
const totalCell = 'font-weight:600;border-bottom:none';

/** The summary as a page of its own; whatever a tenant wrote stands in it as text. */
export function writeUsageSummaryHtml(words: UsageSummaryWords): string {
  const { language, heading, tenantName, period, volume, columns, lines, total, note, closing } = words;
  const rows = lines.map((line) => row('td', '', line)).join('\n');
  const totals = row('td', totalCell, { description: total.label, quantity: '', amount: total.amount });
  return writePage({
    language,
    title: heading,
    heading: `${heading}: ${tenantName}`,
    body: `<p style="${quiet}">${escapeHtml(period)}</p>
<p style="${quiet}">${escapeHtml(volume)}</p>
<table width="100%" cellspacing="0" cellpadding="0" style="margin:20px 0;border-collapse:collapse">
${row('th', headCell, columns)}
${rows}
${totals}
</table>
<p style="${strong}">${escapeHtml(words.conclusion)}</p>${note === null ? '' : `\n<p style="${quiet}">${escapeHtml(note)}</p>`}`,
    closing,
  });
}

type Cells = { description: string; quantity: string; amount: string };

function row(tag: 'th' | 'td', style: string, { description, quantity, amount }: Cells): string {
  const write = (text: string, base: string) =>
    `<${tag} style="${base};${style}">${escapeHtml(text)}</${tag}>`;
  return `<tr>${write(description, textCell)}${write(quantity, numberCell)}${write(amount, numberCell)}</tr>`;
}
