import { type Column, dataTable } from '../../common/pages/data-table.ts';
import { type Html, html } from '../../common/pages/html.ts';
import { pageLayout } from '../../common/pages/page-layout.ts';
import type { Faults } from '../faults/faults.ts';
import type { CallbackAnswer, ReceivedMessage } from '../messages/received-message.ts';

const looks: Partial<Record<ReceivedMessage['state'], string>> = {
  delivered: 'good',
  sent: 'under-way',
  undelivered: 'bad',
  failed: 'bad',
  rejected: 'bad',
};

const columns: Column<ReceivedMessage>[] = [
  { heading: 'Time', kind: 'plain', cell: ({ acceptedAt }) => acceptedAt.slice(0, 19).replace('T', ' ') },
  { heading: 'To', kind: 'plain', cell: ({ phoneNumber }) => phoneNumber },
  { heading: 'Body', kind: 'text', cell: bodyCell },
  { heading: 'Sender', cell: ({ sender }) => sender },
  { heading: 'Tag', cell: ({ tag }) => tag },
  { heading: 'Type', cell: typeCell },
  { heading: 'State', cell: stateCell },
  { heading: 'Callback', cell: callbackCell },
];

/** Returns the page that shows what the simulator received, newest first, and which faults are switched on. */
export function receivedPage(messages: ReceivedMessage[], faults: Faults): string {
  return pageLayout({
    title: 'SMS Manager simulator',
    note: 'Nothing shown here was sent to a phone.',
    refreshing: true,
    content: html`<h2>Faults</h2>
<pre>${JSON.stringify(faults, null, 2)}</pre>
<h2>Received messages</h2>
${dataTable(messages, columns)}`,
  });
}

function bodyCell({ body, truncated }: ReceivedMessage): Html {
  return html`${body}${truncated ? html` <small>(cut to 1,000 characters)</small>` : html``}`;
}

function typeCell({ type, channel, gateway, parts }: ReceivedMessage): Html {
  return html`${type === null ? channel : `${type}, ${gateway}`} <small>× ${parts}</small>`;
}

function stateCell({ state, info }: ReceivedMessage): Html {
  return html`<span class="state ${looks[state] ?? ''}">${state}</span> <small>${info ?? ''}</small>`;
}

function callbackCell(message: ReceivedMessage): Html {
  if (message.callbackUrl === null) return html`<small>no callback</small>`;
  return html`${message.callbackAnswers.map((answer) => html`${describeAnswer(answer)}<br>`)}`;
}

function describeAnswer({ result, outcome, attempts, lastAnswer }: CallbackAnswer): string {
  if (outcome === 'lost') return `${result}: lost`;
  if (attempts === 0) return `${result}: waiting`;
  const times = attempts === 1 ? '' : ` (${attempts} attempts)`;
  return `${result}: ${lastAnswer ?? ''}${outcome === 'dropped' ? ', dropped' : ''}${times}`;
}
