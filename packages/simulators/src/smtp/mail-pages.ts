import { type Column, dataTable } from '../common/pages/data-table.ts';
import { type Html, html } from '../common/pages/html.ts';
import { pageLayout } from '../common/pages/page-layout.ts';
import type { AttachmentFacts, CaughtMail } from './caught-mail.ts';
import type { Faults } from './faults/faults.ts';

/** The policy for a page that shows a mail: its HTML stands in a sandboxed frame and loads nothing from outside. */
export const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'";

const columns: Column<CaughtMail>[] = [
  { heading: 'Time', kind: 'plain', cell: ({ receivedAt }) => timeText(receivedAt) },
  { heading: 'From', cell: ({ from }) => from },
  { heading: 'To', cell: ({ to }) => to.join(', ') },
  {
    heading: 'Subject',
    kind: 'text',
    cell: ({ id, subject }) => html`<a href="/messages/${id}">${subject || '(none)'}</a>`,
  },
  { heading: 'Attachments', kind: 'number', cell: ({ attachments }) => attachments.length },
];

/** Returns the page that lists caught mails, newest first, and which faults are switched on. */
export function mailListPage(mails: CaughtMail[], faults: Faults): string {
  return pageLayout({
    title: 'Mail catcher',
    note: 'Nothing shown here was delivered.',
    refreshing: true,
    content: html`<h2>Faults</h2>
<pre>${JSON.stringify(faults, null, 2)}</pre>
<h2>Mails</h2>
${dataTable(mails, columns)}`,
  });
}

/** Returns the page of one mail: its text, its HTML in a frame that may do nothing, its headers. */
export function mailPage(mail: CaughtMail): string {
  const { subject, from, to, receivedAt, text, headers, attachments } = mail;
  const headerText = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return pageLayout({
    title: subject || '(no subject)',
    note: `${timeText(receivedAt)}, from ${from || '(nobody)'} to ${to.join(', ')}`,
    refreshing: false,
    content: html`<p><a href="/">All mails</a></p>
<h2>Text</h2>
${text === null ? html`<p>None.</p>` : html`<pre>${text}</pre>`}
<h2>HTML</h2>
${htmlFrame(mail.html)}
<h2>Attachments</h2>
${attachments.length === 0 ? html`<p>None.</p>` : html`<ul>${attachments.map(attachmentLine)}</ul>`}
<h2>Headers</h2>
<pre>${headerText.join('\n')}</pre>`,
  });
}

// The frame has an origin of its own and runs no script; the page's policy holds in it too.
function htmlFrame(markup: string | null): Html {
  if (markup === null) return html`<p>None.</p>`;
  return html`<iframe sandbox="" title="HTML of the mail" srcdoc="${markup}"></iframe>`;
}

function attachmentLine({ filename, mimeType, sizeBytes }: AttachmentFacts): Html {
  return html`<li>${filename ?? '(no name)'} <small>${mimeType}, ${sizeBytes} bytes</small></li>`;
}

function timeText(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}
