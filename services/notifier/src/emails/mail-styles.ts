import { escapeHtml } from './escape-html.ts';

// Mail programs drop style sheets and load nothing from outside, so every style stands at its element.
const page =
  'margin:0;padding:24px;background:#f5f5f4;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;color:#1c1917';
const card =
  'max-width:600px;margin:0 auto;padding:28px 32px;background:#ffffff;border:1px solid #e7e5e4;border-radius:8px';
const closingStyle = 'margin:20px 0 0;font-size:12px;line-height:16px;color:#78716c';

export const quiet = 'margin:0 0 4px;font-size:14px;line-height:20px;color:#57534e';
export const strong = 'margin:0 0 8px;font-size:16px;line-height:24px;font-weight:600';
const cell = 'padding:8px 0 8px 12px;border-bottom:1px solid #e7e5e4;font-size:14px;line-height:20px';
export const textCell = `${cell};padding-left:0;text-align:left`;
export const numberCell = `${cell};text-align:right;white-space:nowrap`;

/** A page of its own around what a mail says, which is HTML already. */
export function writePage({
  language,
  title,
  heading,
  body,
  closing,
}: {
  language: string;
  title: string;
  heading: string;
  body: string;
  closing: string;
}): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body style="${page}">
<div style="${card}">
<h1 style="margin:0 0 12px;font-size:20px;line-height:28px">${escapeHtml(heading)}</h1>
${body}
<p style="${closingStyle}">${escapeHtml(closing)}</p>
</div>
</body>
</html>
`;
}
