import type { UsageSummary } from '@tollgate/shared/notifications/usage-summary.ts';
import { describe, expect, test } from 'vitest';
import { renderMail } from './render-mail.ts';
import { renderUsageSummary } from './usage-summary.ts';

const statement: UsageSummary = {
  tenantName: 'Bookshop',
  timeZone: 'Europe/Prague',
  firstDay: '2026-11-01',
  lastDay: '2026-11-30',
  currency: 'CZK',
  messages: '1200',
  segments: '1501',
  usage: '2251.56',
  owed: '0.00',
  document: 'statement',
  lines: [
    { description: 'SMS to Czechia', quantity: '1500', amount: '2250.00' },
    { description: 'SMS to Slovakia', quantity: '1', amount: '1.5625' },
    { description: 'Covered by your credit', quantity: '', amount: '-2251.56' },
  ],
};
const invoiced: UsageSummary = { ...statement, owed: '251.56', document: 'stripe' };

/** Intl puts no-break and thin spaces that nobody wants to read in a test. */
const plain = (text: string) => text.replace(/[\u00a0\u2009\u202f]/g, ' ');

describe('a usage summary', () => {
  test('of a statement says that nothing is to be paid', () => {
    const { subject, text } = renderUsageSummary(statement);
    expect(plain(subject)).toBe('Bookshop: SMS usage, 1 – 30 November 2026');
    expect(plain(text)).toBe(`SMS usage: Bookshop
1 – 30 November 2026, days in Europe/Prague
1,200 messages in 1,501 segments

Description             Quantity         Amount
SMS to Czechia             1,500   CZK 2,250.00
SMS to Slovakia                1     CZK 1.5625
Covered by your credit            -CZK 2,251.56
Usage before tax                   CZK 2,251.56

Nothing to pay: this statement was covered by your credit

Sent by Tollgate when your period was closed.
`);
  });

  test('of what Stripe collects says how much, before tax, and where the invoice is', () => {
    const { text, html } = renderUsageSummary(invoiced);
    for (const part of [text, html]) {
      expect(plain(part)).toContain('To pay: CZK 251.56 before tax');
      expect(part).toContain('your invoice from Stripe');
      expect(part).not.toContain('Nothing to pay');
    }
  });

  test('says the same in both parts', () => {
    const { text, html } = renderUsageSummary(statement);
    for (const said of [
      'Bookshop',
      '1 – 30 November 2026, days in Europe/Prague',
      '1,200 messages in 1,501 segments',
      'SMS to Czechia',
      'CZK 2,250.00',
      'CZK 1.5625',
      'Usage before tax',
      'CZK 2,251.56',
      'Nothing to pay: this statement was covered by your credit',
    ]) {
      expect(plain(text)).toContain(said);
      expect(plain(html)).toContain(said);
    }
  });

  test.each([
    ['2026-11-05', '2026-11-05', '5 November 2026'],
    ['2026-11-30', '2026-12-06', '30 November – 6 December 2026'],
    ['2025-12-29', '2026-01-04', '29 December 2025 – 4 January 2026'],
  ])('from %s to %s names its local days', (firstDay, lastDay, expected) => {
    const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];
    for (const timeZone of zones) {
      const { text } = renderUsageSummary({ ...statement, timeZone, firstDay, lastDay });
      expect(plain(text)).toContain(`${expected}, days in ${timeZone}`);
    }
  });

  test('of one message does not speak of many', () => {
    const { text } = renderUsageSummary({ ...statement, messages: '1', segments: '1' });
    expect(text).toContain('1 message in 1 segment\n');
  });

  test('shows what a tenant wrote as text, never as HTML', () => {
    const tenantName = `<img src=x onerror="alert('1')"> & Sons`;
    const description = '</td><script>alert(2)</script>';
    const { html, text } = renderUsageSummary({
      ...statement,
      tenantName,
      lines: [{ description, quantity: '<b>1</b>', amount: '1.50' }],
    });
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; Sons');
    expect(html).toContain('&lt;/td&gt;&lt;script&gt;alert(2)&lt;/script&gt;');
    expect(html).not.toMatch(/<(img|script|b)\b/);
    expect(text).toContain(tenantName);
  });

  test('keeps a line break in a name out of the subject', () => {
    const content = { ...statement, tenantName: 'Book\r\nBcc: all@example.com' };
    const { subject } = renderMail({ kind: 'usage_summary', content });
    expect(subject).toMatch(/^Book Bcc: all@example\.com: /);
  });

  test('loads nothing from outside', () => {
    expect(renderUsageSummary(invoiced).html).not.toMatch(/https?:|src=|url\(|<link|<style/);
  });

  test('in Czech names messages, dates, money and lines its way', () => {
    const { subject, html, text } = renderUsageSummary({
      ...invoiced,
      locale: 'cs',
      messages: '2',
      segments: '5',
      lines: [
        {
          description: 'SMS to CZ',
          quantity: '5',
          amount: '7.50',
          kind: 'usage',
          meter: 'sms_sent',
          country: 'CZ',
        },
        { description: 'Práce', quantity: '1', amount: '244.06', kind: 'charge', meter: '', country: '' },
      ],
    });
    expect(plain(subject)).toBe('Bookshop: spotřeba SMS, 1.–30. 11. 2026');
    expect(plain(text)).toContain('2 zprávy, 5 částí');
    expect(plain(text)).toMatch(/SMS – Česko +5 +7,50 Kč/);
    expect(plain(text)).toMatch(/Práce +1 +244,06 Kč/);
    expect(plain(text)).toMatch(/Spotřeba bez daně +2 251,56 Kč/);
    expect(plain(text)).toContain('K úhradě: 251,56 Kč bez daně');
    expect(html).toContain('<html lang="cs">');
  });

  test.each([
    ['ours', 'The invoice comes with a mail of its own.'],
    ['section', 'on the invoice of the organisation that pays for you'],
  ] as const)('of what is on a document of kind %s says where to look for it', (document, said) => {
    expect(renderUsageSummary({ ...invoiced, document }).text).toContain(said);
  });
});
