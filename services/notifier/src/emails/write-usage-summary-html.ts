import { escapeHtml } from './escape-html.ts';
import type { UsageSummaryWords } from './word-usage-summary.ts';

// Mail programs drop style sheets and load nothing from outside, so every style stands at its element.
const page =
  'margin:0;padding:24px;background:#f5f5f4;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;color:#1c1917';
const card =
  'max-width:600px;margin:0 auto;padding:28px 32px;background:#ffffff;border:1px solid #e7e5e4;border-radius:8px';
const quiet = 'margin:0 0 4px;font-size:14px;line-height:20px;color:#57534e';
const cell = 'padding:8px 0 8px 12px;border-bottom:1px solid #e7e5e4;font-size:14px;line-height:20px';
const textCell = `${cell};padding-left:0;text-align:left`;
const numberCell = `${cell};text-align:right;white-space:nowrap`;
const headCell = 'font-weight:600;color:#57534e';
const totalCell = 'font-weight:600;border-bottom:none';

/** The summary as a page of its own; whatever a tenant wrote stands in it as text. */
export function writeUsageSummaryHtml(words: UsageSummaryWords): string {
  const { language, heading, tenantName, period, volume, columns, lines, total, note } = words;
  const rows = lines.map((line) => row('td', '', line)).join('\n');
  const totals = row('td', totalCell, { description: total.label, quantity: '', amount: total.amount });
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><title>${escapeHtml(heading)}</title></head>
<body style="${page}">
<div style="${card}">
<h1 style="margin:0 0 12px;font-size:20px;line-height:28px">${escapeHtml(heading)}: ${escapeHtml(tenantName)}</h1>
<p style="${quiet}">${escapeHtml(period)}</p>
<p style="${quiet}">${escapeHtml(volume)}</p>
<table width="100%" cellspacing="0" cellpadding="0" style="margin:20px 0;border-collapse:collapse">
${row('th', headCell, columns)}
${rows}
${totals}
</table>
<p style="margin:0 0 8px;font-size:16px;line-height:24px;font-weight:600">${escapeHtml(words.conclusion)}</p>
${note === null ? '' : `<p style="${quiet}">${escapeHtml(note)}</p>\n`}<p style="margin:20px 0 0;font-size:12px;line-height:16px;color:#78716c">${escapeHtml(words.closing)}</p>
</div>
</body>
</html>
`;
}

type Cells = { description: string; quantity: string; amount: string };

function row(tag: 'th' | 'td', style: string, { description, quantity, amount }: Cells): string {
  const write = (text: string, base: string) =>
    `<${tag} style="${base};${style}">${escapeHtml(text)}</${tag}>`;
  return `<tr>${write(description, textCell)}${write(quantity, numberCell)}${write(amount, numberCell)}</tr>`;
}
