import { describe, expect, it } from 'vitest';
import { html } from '../../common/pages/html.ts';
import { aMessage, runSimulator } from '../../testing/run-simulator.ts';

describe('the page', () => {
  it('shows what was received and refreshes itself', async () => {
    const simulator = await runSimulator();
    const empty = await (await fetch(simulator.pageUrl)).text();
    expect(empty).toContain('None yet');
    await simulator.send(aMessage({ tag: 'transactional,gw-7', callback: 'http://127.0.0.1:9/hook' }));
    const response = await fetch(simulator.pageUrl);
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toContain('<meta http-equiv="refresh" content="3">');
    for (const text of [
      '420777123456',
      'Your table is booked',
      'Tollgate',
      'gw-7,transactional',
      'accepted',
    ]) {
      expect(page).toContain(text);
    }
    await simulator.close();
  });

  it('escapes everything that came from outside', async () => {
    const simulator = await runSimulator();
    await simulator.send(aMessage({ body: '<script>alert("1")</script>', to: [{ phone_number: '<b>1' }] }));
    simulator.faults.set({ nextSends: [{ kind: 'status', status: 500, message: '</pre><img>' }] });
    const page = await (await fetch(simulator.pageUrl)).text();
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<img>');
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    await simulator.close();
  });
});

describe('the html tag', () => {
  it('escapes text, and keeps what is HTML already', () => {
    const inner = html`<i>${`"'&<>`}</i>`;
    expect(html`<b title="${'"'}">${inner}${[inner]}\n${1}</b>`.markup).toBe(
      '<b title="&quot;"><i>&quot;&#39;&amp;&lt;&gt;</i><i>&quot;&#39;&amp;&lt;&gt;</i>\n1</b>',
    );
  });
});
