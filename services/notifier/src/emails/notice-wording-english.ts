import type { InvoiceFacts } from '@tollgate/shared/notifications/mail-parts.ts';
import type { SuspensionReason } from '@tollgate/shared/notifications/notices.ts';
import type { MailFormats } from './mail-formats.ts';
import type { NoticeWording } from './notice-words.ts';

export const english: NoticeWording = {
  locale: 'en-GB',
  closing: 'Sent by Tollgate. You can choose which mails you get in the billing settings.',
  kinds: {
    invoice_issued: ({ tenantName, invoice }, formats) => ({
      subject: `${tenantName}: ${documentName(invoice)}`,
      heading: `${capital(documentName(invoice))}`,
      paragraphs: [
        invoice.document === 'ours'
          ? 'You find the document attached as a PDF.'
          : 'The document itself comes from Stripe.',
      ],
      facts: factsOf(invoice, formats),
      link: invoice.url === null ? null : { label: 'Open the invoice', url: invoice.url },
    }),
    payment_failed: ({ tenantName, invoice, amount, currency, url }, formats) => ({
      subject: `${tenantName}: payment of ${formats.money(amount, currency)} failed`,
      heading: 'A payment failed',
      paragraphs: [
        `${formats.money(amount, currency)}${ofInvoice(invoice)} could not be collected. Please check your payment method; the payment will be tried again.`,
      ],
      facts: [],
      link: url === null ? null : { label: 'Pay now', url },
    }),
    payment_received: ({ tenantName, invoice, amount, currency, reference }, formats) => ({
      subject: `${tenantName}: payment of ${formats.money(amount, currency)} received`,
      heading: 'Thank you for your payment',
      paragraphs: [`We have received ${formats.money(amount, currency)}${ofInvoice(invoice)}.`],
      facts: [
        { label: 'Reference', value: reference },
        ...(invoice === null || isZero(invoice.outstanding)
          ? []
          : [{ label: 'Still to pay', value: formats.money(invoice.outstanding, invoice.currency) }]),
      ],
      link: null,
    }),
    reminder: ({ tenantName, invoice, level }, formats) => ({
      subject: `${tenantName}: ${level === 1 ? 'reminder' : `reminder no. ${level}`}, invoice ${invoice.number ?? ''}`,
      heading: 'An invoice is past due',
      paragraphs: [
        `Invoice ${invoice.number ?? ''} has not been paid in full. The attached PDF says where to pay.`,
        'If you have paid meanwhile, please take no notice of this mail.',
      ],
      facts: factsOf(invoice, formats),
      link: invoice.url === null ? null : { label: 'Pay now', url: invoice.url },
    }),
    threshold: ({ tenantName, percent, usage, threshold, currency }, formats) => ({
      subject: `${tenantName}: ${percent} % of your billing threshold reached`,
      heading: `${percent} % of your billing threshold`,
      paragraphs:
        percent >= 100
          ? ['Your usage has reached the threshold at which it is billed.']
          : ['Your usage is nearing the threshold at which it is billed.'],
      facts: [
        { label: 'Usage', value: thresholdValue(usage, currency, formats) },
        { label: 'Threshold', value: thresholdValue(threshold, currency, formats) },
      ],
      link: null,
    }),
    limit_reached: ({ tenantName, guard, subject, line, window }) => ({
      subject: `${tenantName}: ${line} % of a sending limit reached`,
      heading: `${line} % of a sending limit`,
      paragraphs: [
        Number(line) >= 100
          ? 'A sending limit is used up. Messages beyond it are rejected or wait, as your settings say.'
          : 'A sending limit is nearly used up.',
      ],
      facts: [
        { label: 'Limit', value: guard },
        ...(subject === '' ? [] : [{ label: 'For', value: subject }]),
        { label: 'Window', value: window },
      ],
      link: null,
    }),
    low_balance: ({ tenantName, available, line, currency }, formats) => ({
      subject: `${tenantName}: your credit is running low`,
      heading: 'Your credit is running low',
      paragraphs: ['Messages that your credit does not cover are not sent. Please add funds in time.'],
      facts: [
        { label: 'Available', value: formats.money(available, currency) },
        { label: 'Alert below', value: formats.money(line, currency) },
      ],
      link: null,
    }),
    suspended: ({ tenantName, reason, scope }) => ({
      subject: `${tenantName}: ${scope === 'all' ? 'sending is suspended' : 'promotional messages are suspended'}`,
      heading: scope === 'all' ? 'Sending is suspended' : 'Promotional messages are suspended',
      paragraphs: [suspensions[reason], 'Messages that wait are kept as long as they are valid.'],
      facts: [],
      link: null,
    }),
    resumed: ({ tenantName, reason, scope }) => ({
      subject: `${tenantName}: ${scope === 'all' ? 'sending is possible again' : 'promotional messages are possible again'}`,
      heading: scope === 'all' ? 'Sending is possible again' : 'Promotional messages are possible again',
      paragraphs: [resumptions[reason]],
      facts: [],
      link: null,
    }),
    top_up_failed: ({ tenantName, amount, currency, reason }, formats) => ({
      subject: `${tenantName}: automatic top-up failed`,
      heading: 'Your automatic top-up failed',
      paragraphs: [
        `${formats.money(amount, currency)} could not be collected, so your credit was not topped up. Please check your payment method.`,
      ],
      facts: reason === '' ? [] : [{ label: 'Reason', value: reason }],
      link: null,
    }),
  },
};

const suspensions: Record<SuspensionReason, string> = {
  tenant: 'You have paused sending. You can ask for it to be resumed at any time.',
  operator: 'An operator has suspended sending. Please get in touch with us.',
  unpaid: 'An invoice is past due. Sending is possible again as soon as it is paid.',
  dispute: 'A payment was disputed. Please get in touch with us.',
};

const resumptions: Record<SuspensionReason, string> = {
  tenant: 'The pause that you asked for is over.',
  operator: 'An operator has lifted the suspension.',
  unpaid: 'Nothing is past due any more. Thank you for your payment.',
  dispute: 'The dispute is over.',
};

function documentName({ kind, number, document }: InvoiceFacts): string {
  const name = {
    usage: document === 'statement' ? 'usage statement' : 'invoice',
    credit_note: 'credit note',
    top_up: 'tax document',
  }[kind];
  return number === null ? name : `${name} ${number}`;
}

function factsOf(invoice: InvoiceFacts, formats: MailFormats) {
  const { gross, outstanding, currency, dueOn, document } = invoice;
  return [
    {
      label: document === 'stripe' ? 'Total before tax' : 'Total',
      value: formats.money(gross, currency),
    },
    ...(outstanding === gross || isZero(outstanding)
      ? []
      : [{ label: 'Still to pay', value: formats.money(outstanding, currency) }]),
    ...(dueOn === null ? [] : [{ label: 'Due date', value: formats.day(dueOn) }]),
  ];
}

function ofInvoice(invoice: InvoiceFacts | null): string {
  return invoice?.number ? ` for invoice ${invoice.number}` : '';
}

function thresholdValue(value: string, currency: string | null, formats: MailFormats): string {
  return currency === null ? `${formats.count(value)} segments` : formats.money(value, currency);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isZero(amount: string): boolean {
  return /^-?0(\.0+)?$/.test(amount);
}
