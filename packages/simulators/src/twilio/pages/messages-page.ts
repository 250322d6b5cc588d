import { type Column, dataTable } from '../../common/pages/data-table.ts';
import { type Html, html } from '../../common/pages/html.ts';
import { pageLayout } from '../../common/pages/page-layout.ts';
import type { Faults } from '../faults/faults.ts';
import type { CallbackAnswer, ReceivedMessage } from '../messages/twilio-message.ts';

const looks: Partial<Record<ReceivedMessage['status'], string>> = {
  delivered: 'good',
  sent: 'under-way',
  undelivered: 'bad',
  failed: 'bad',
};

const columns: Column<ReceivedMessage>[] = [
  { heading: 'Time', kind: 'plain', cell: ({ createdAt }) => createdAt.slice(0, 19).replace('T', ' ') },
  { heading: 'To', kind: 'plain', cell: ({ to }) => to },
  { heading: 'Body', kind: 'text', cell: ({ body }) => body },
  {
    heading: 'From',
    cell: ({ sender, from, messagingServiceSid }) => sender ?? from ?? messagingServiceSid ?? '',
  },
  { heading: 'Segments', kind: 'number', cell: ({ segments }) => segments },
  { heading: 'Status', cell: statusCell },
  { heading: 'Callback', cell: callbackCell },
];

/** Returns the page that shows what the simulator received, newest first, and which faults are switched on. */
export function messagesPage(messages: ReceivedMessage[], faults: Faults): string {
  return pageLayout({
    title: 'Twilio simulator',
    note: 'Nothing shown here was sent to a phone.',
    refreshing: true,
    content: html`<h2>Faults</h2>
<pre>${JSON.stringify(faults, null, 2)}</pre>
<h2>Received messages</h2>
${dataTable(messages, columns)}`,
  });
}

function statusCell({ status, errorCode }: ReceivedMessage): Html {
  return html`<span class="state ${looks[status] ?? ''}">${status}</span> <small>${errorCode ?? ''}</small>`;
}

function callbackCell({ statusCallback, callbackAnswers }: ReceivedMessage): Html {
  if (statusCallback === null) return html`<small>no callback</small>`;
  return html`${callbackAnswers.map((answer) => html`${describeAnswer(answer)}<br>`)}`;
}

function describeAnswer({ status, outcome, attempts, lastAnswer }: CallbackAnswer): string {
  if (outcome === 'lost') return `${status}: lost`;
  if (attempts === 0) return `${status}: waiting`;
  return `${status}: ${lastAnswer ?? ''}${outcome === 'dropped' ? ', dropped' : ''}`;
}
