import type { Faults } from '../faults/faults.ts';
import type { CallbackAnswer, ReceivedMessage } from '../messages/received-message.ts';
import { type Html, html } from './html.ts';
import { pageStyle } from './page-style.ts';

const refreshSeconds = 3;

/** Returns the page that shows what the simulator received, newest first, and which faults are switched on. */
export function receivedPage(messages: ReceivedMessage[], faults: Faults): string {
  const style: Html = { markup: `<style>${pageStyle}</style>` };
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<title>SMS Manager simulator</title>
${style}
</head>
<body>
<h1>SMS Manager simulator</h1>
<p>Nothing shown here was sent to a phone.</p>
<h2>Faults</h2>
<pre>${JSON.stringify(faults, null, 2)}</pre>
<h2>Received messages</h2>
${messages.length === 0 ? html`<p>None yet.</p>` : messageTable(messages)}
</body>
</html>
`;
  return page.markup;
}

function messageTable(messages: ReceivedMessage[]): Html {
  const headings = ['Time', 'To', 'Body', 'Sender', 'Tag', 'Type', 'State', 'Callback answer'];
  return html`<table>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>
${messages.map(messageRow)}
</tbody>
</table>`;
}

function messageRow(message: ReceivedMessage): Html {
  const time = message.acceptedAt.slice(0, 19).replace('T', ' ');
  const kind = message.type === null ? message.channel : `${message.type}, ${message.gateway}`;
  const cut = message.truncated ? html` <small>(cut to 1,000 characters)</small>` : html``;
  return html`<tr>
<td class="plain" data-label="Time"><span>${time}</span></td>
<td class="plain" data-label="To"><span>${message.phoneNumber}</span></td>
<td class="text" data-label="Body"><span>${message.body}${cut}</span></td>
<td data-label="Sender"><span>${message.sender}</span></td>
<td data-label="Tag"><span>${message.tag}</span></td>
<td data-label="Type"><span>${kind} <small>× ${message.parts}</small></span></td>
<td data-label="State"><span><span class="state ${message.state}">${message.state}</span>
<small>${message.info ?? ''}</small></span></td>
<td data-label="Callback"><span>${callbackCell(message)}</span></td>
</tr>
`;
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
