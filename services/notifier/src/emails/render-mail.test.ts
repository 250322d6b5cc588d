import type { InvoiceFacts } from '@tollgate/shared/notifications/mail-parts.ts';
import { MailContent, noticeKinds } from '@tollgate/shared/notifications/notices.ts';
import { describe, expect, test } from 'vitest';
import { renderMail } from './render-mail.ts';

const invoice: InvoiceFacts = {
  id: '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e',
  number: 'INV2026000123',
  kind: 'usage',
  document: 'ours',
  currency: 'CZK',
  gross: '2239.71',
  outstanding: '1239.71',
  dueOn: '2026-12-15',
  url: null,
};
const invoiceId = invoice.id;
const contents: Record<string, object> = {
  usage_summary: {
    timeZone: 'Europe/Prague',
    firstDay: '2026-11-01',
    lastDay: '2026-11-30',
    currency: 'CZK',
    messages: '2',
    segments: '3',
    usage: '4.50',
    owed: '4.50',
    document: 'ours',
    lines: [],
  },
  invoice_issued: { invoiceId, invoice },
  payment_failed: { invoiceId, invoice, amount: '2239.71', currency: 'CZK', url: 'https://pay.example/i/1' },
  payment_received: { invoiceId, invoice, amount: '1000.00', currency: 'CZK', reference: 'BANK-1' },
  reminder: { invoiceId, invoice, level: 2 },
  threshold: { percent: 80, usage: '800.00', threshold: '1000.00', currency: 'CZK' },
  limit_reached: { guard: 'day', subject: 'CZ', line: 80, window: '2026-11-21' },
  low_balance: { available: '12.50', line: '100.00', currency: 'CZK' },
  suspended: { reason: 'unpaid' },
  resumed: { reason: 'unpaid' },
  top_up_failed: { amount: '500.00', currency: 'CZK', reason: 'card_declined' },
};

function render(kind: string, locale: 'cs' | 'en', change: object = {}) {
  const content = { tenantName: 'Bookshop', locale, ...contents[kind], ...change };
  const { subject, text, html } = renderMail(MailContent.parse({ kind, content }));
  const plain = (part: string) => part.replace(/[\u00a0\u2009\u202f]/g, ' ');
  return { subject: plain(subject), text: plain(text), html: plain(html) };
}

describe.each(noticeKinds)('a mail of kind %s', (kind) => {
  test.each(['cs', 'en'] as const)('says the same in both parts, in %s', (locale) => {
    const { subject, text, html } = render(kind, locale);
    expect(subject).toMatch(/^Bookshop: \S/);
    expect(html).toContain(`<html lang="${locale}">`);
    const words = html
      .replace(/<head>.*<\/head>/s, '')
      .replace(/<[^>]+>/g, '\n')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    for (const line of words) expect(text).toContain(line);
  });

  test('is another in Czech', () => {
    expect(render(kind, 'cs').text).not.toBe(render(kind, 'en').text);
    expect(render(kind, 'cs').subject).not.toBe(render(kind, 'en').subject);
  });

  test('loads nothing from outside, and shows what others wrote as text', () => {
    const tenantName = '<img src=x>';
    const change = {
      tenantName,
      ...(kind === 'payment_received' && { reference: '<script>1</script>' }),
      ...(kind === 'top_up_failed' && { reason: '<script>1</script>' }),
      ...(kind === 'limit_reached' && { subject: '<script>1</script>' }),
    };
    const { html } = render(kind, 'en', change);
    expect(html).not.toMatch(/<(img|script|link|style|iframe)\b|url\(/);
  });

  test('keeps a line break out of the subject', () => {
    const { subject } = render(kind, 'en', { tenantName: 'Book\r\nBcc: all@example.com\u0000' });
    expect(subject).toMatch(/^Book Bcc: all@example\.com ?: /);
  });
});

describe('a mail', () => {
  test('of an invoice names it, its amount and when it is due', () => {
    const { subject, text } = render('invoice_issued', 'cs');
    expect(subject).toBe('Bookshop: faktura INV2026000123');
    expect(text).toMatch(/Celkem: +2 239,71 Kč/);
    expect(text).toMatch(/Splatnost: +15\. prosince 2026/);
    expect(text).toContain('v příloze');
  });

  test('of what Stripe collects leads there instead', () => {
    const { text, html } = render('invoice_issued', 'en', {
      invoice: { ...invoice, document: 'stripe', url: 'https://invoice.stripe.com/i/1?a=1&b=2' },
    });
    expect(text).toContain('Open the invoice: https://invoice.stripe.com/i/1?a=1&b=2');
    expect(html).toContain('href="https://invoice.stripe.com/i/1?a=1&amp;b=2"');
  });

  test('never leads to anything but a page of the web', () => {
    const { html } = render('invoice_issued', 'en', { invoice: { ...invoice, url: 'javascript:alert(1)' } });
    expect(html).not.toContain('javascript:');
  });

  test.each([
    ['1.00', '1 část'],
    ['3', '3 části'],
    ['1200.00', '1 200 částí'],
  ])('of a threshold in segments counts %s as %s', (usage, said) => {
    expect(render('threshold', 'cs', { usage, currency: null }).text).toContain(said);
  });

  test.each([
    ['all', 'Sending is suspended'],
    ['promotional', 'Promotional messages are suspended'],
  ])('of a suspension says whether it is of %s', (scope, said) => {
    expect(render('suspended', 'en', { scope }).text).toContain(said);
  });
});
