import { type Html, html } from './html.ts';
import { pageStyle } from './page-style.ts';

const refreshSeconds = 3;

/** The policy to send with every page: styles of its own and nothing else. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'";

export interface PageLayout {
  title: string;
  /** One sentence under the title. */
  note: string;
  content: Html;
  /** Whether the page loads itself again every few seconds. */
  refreshing: boolean;
}

/** Returns a whole page in the look all simulators share. */
export function pageLayout({ title, note, content, refreshing }: PageLayout): string {
  const style: Html = { markup: `<style>${pageStyle}</style>` };
  const refresh = refreshing ? html`<meta http-equiv="refresh" content="${refreshSeconds}">` : html``;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}
<title>${title}</title>
${style}
</head>
<body>
<h1>${title}</h1>
<p>${note}</p>
${content}
</body>
</html>
`;
  return page.markup;
}
