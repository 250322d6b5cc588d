import type { InvoiceFacts } from '@tollgate/shared/notifications/mail-parts.ts';
import type { SuspensionReason } from '@tollgate/shared/notifications/notices.ts';
import type { MailFormats } from './mail-formats.ts';
import type { NoticeWording } from './notice-words.ts';

export const czech: NoticeWording = {
  locale: 'cs-CZ',
  closing: 'Odesláno službou Tollgate. Které e-maily dostáváte, si můžete zvolit v nastavení fakturace.',
  kinds: {
    invoice_issued: ({ tenantName, invoice }, formats) => ({
      subject: `${tenantName}: ${documentName(invoice)}`,
      heading: capital(documentName(invoice)),
      paragraphs: [
        invoice.document === 'ours'
          ? 'Doklad najdete v příloze ve formátu PDF.'
          : 'Samotný doklad dostanete od společnosti Stripe.',
      ],
      facts: factsOf(invoice, formats),
      link: invoice.url === null ? null : { label: 'Otevřít fakturu', url: invoice.url },
    }),
    payment_failed: ({ tenantName, invoice, amount, currency, url }, formats) => ({
      subject: `${tenantName}: platba ${formats.money(amount, currency)} se nezdařila`,
      heading: 'Platba se nezdařila',
      paragraphs: [
        `Částku ${formats.money(amount, currency)}${ofInvoice(invoice)} se nepodařilo strhnout. Zkontrolujte prosím svou platební metodu; o platbu se pokusíme znovu.`,
      ],
      facts: [],
      link: url === null ? null : { label: 'Zaplatit', url },
    }),
    payment_received: ({ tenantName, invoice, amount, currency, reference }, formats) => ({
      subject: `${tenantName}: přijali jsme platbu ${formats.money(amount, currency)}`,
      heading: 'Děkujeme za platbu',
      paragraphs: [`Přijali jsme ${formats.money(amount, currency)}${ofInvoice(invoice)}.`],
      facts: [
        { label: 'Označení platby', value: reference },
        ...(invoice === null || isZero(invoice.outstanding)
          ? []
          : [{ label: 'Zbývá uhradit', value: formats.money(invoice.outstanding, invoice.currency) }]),
      ],
      link: null,
    }),
    reminder: ({ tenantName, invoice, level }, formats) => ({
      subject: `${tenantName}: ${level === 1 ? 'upomínka' : `${level}. upomínka`}, faktura ${invoice.number ?? ''}`,
      heading: 'Faktura je po splatnosti',
      paragraphs: [
        `Faktura ${invoice.number ?? ''} není zaplacena v plné výši. Kam platit, stojí v přiloženém PDF.`,
        'Pokud jste mezitím zaplatili, považujte tento e-mail za bezpředmětný.',
      ],
      facts: factsOf(invoice, formats),
      link: invoice.url === null ? null : { label: 'Zaplatit', url: invoice.url },
    }),
    threshold: ({ tenantName, percent, usage, threshold, currency }, formats) => ({
      subject: `${tenantName}: dosaženo ${percent} % limitu pro fakturaci`,
      heading: `${percent} % limitu pro fakturaci`,
      paragraphs:
        percent >= 100
          ? ['Vaše spotřeba dosáhla limitu, při kterém se fakturuje.']
          : ['Vaše spotřeba se blíží limitu, při kterém se fakturuje.'],
      facts: [
        { label: 'Spotřeba', value: thresholdValue(usage, currency, formats) },
        { label: 'Limit', value: thresholdValue(threshold, currency, formats) },
      ],
      link: null,
    }),
    limit_reached: ({ tenantName, guard, subject, line, window }) => ({
      subject: `${tenantName}: dosaženo ${line} % limitu odesílání`,
      heading: `${line} % limitu odesílání`,
      paragraphs: [
        Number(line) >= 100
          ? 'Limit odesílání je vyčerpán. Zprávy nad něj se podle vašeho nastavení odmítají, nebo čekají.'
          : 'Limit odesílání je téměř vyčerpán.',
      ],
      facts: [
        { label: 'Limit', value: guard },
        ...(subject === '' ? [] : [{ label: 'Pro', value: subject }]),
        { label: 'Období', value: window },
      ],
      link: null,
    }),
    low_balance: ({ tenantName, available, line, currency }, formats) => ({
      subject: `${tenantName}: dochází vám kredit`,
      heading: 'Dochází vám kredit',
      paragraphs: ['Zprávy, které kredit nepokryje, se neodešlou. Doplňte ho prosím včas.'],
      facts: [
        { label: 'K dispozici', value: formats.money(available, currency) },
        { label: 'Upozornění pod', value: formats.money(line, currency) },
      ],
      link: null,
    }),
    suspended: ({ tenantName, reason, scope }) => ({
      subject: `${tenantName}: ${scope === 'all' ? 'odesílání je pozastaveno' : 'reklamní zprávy jsou pozastaveny'}`,
      heading: scope === 'all' ? 'Odesílání je pozastaveno' : 'Reklamní zprávy jsou pozastaveny',
      paragraphs: [suspensions[reason], 'Čekající zprávy uchováme, dokud platí.'],
      facts: [],
      link: null,
    }),
    resumed: ({ tenantName, reason, scope }) => ({
      subject: `${tenantName}: ${scope === 'all' ? 'odesílání je opět možné' : 'reklamní zprávy jsou opět možné'}`,
      heading: scope === 'all' ? 'Odesílání je opět možné' : 'Reklamní zprávy jsou opět možné',
      paragraphs: [resumptions[reason]],
      facts: [],
      link: null,
    }),
    top_up_failed: ({ tenantName, amount, currency, reason }, formats) => ({
      subject: `${tenantName}: automatické dobití se nezdařilo`,
      heading: 'Automatické dobití se nezdařilo',
      paragraphs: [
        `Částku ${formats.money(amount, currency)} se nepodařilo strhnout, kredit proto nebyl doplněn. Zkontrolujte prosím svou platební metodu.`,
      ],
      facts: reason === '' ? [] : [{ label: 'Důvod', value: reason }],
      link: null,
    }),
  },
};

const suspensions: Record<SuspensionReason, string> = {
  tenant: 'Odesílání jste sami pozastavili. Kdykoli můžete požádat o obnovení.',
  operator: 'Odesílání pozastavil náš pracovník. Ozvěte se nám prosím.',
  unpaid: 'Některá faktura je po splatnosti. Jakmile bude zaplacena, odesílání obnovíme.',
  dispute: 'Některá platba byla rozporována. Ozvěte se nám prosím.',
};

const resumptions: Record<SuspensionReason, string> = {
  tenant: 'Pauza, o kterou jste požádali, skončila.',
  operator: 'Náš pracovník pozastavení zrušil.',
  unpaid: 'Nic už není po splatnosti. Děkujeme za platbu.',
  dispute: 'Spor o platbu skončil.',
};

function documentName({ kind, number, document }: InvoiceFacts): string {
  const name = {
    usage: document === 'statement' ? 'vyúčtování' : 'faktura',
    credit_note: 'opravný doklad',
    top_up: 'daňový doklad',
  }[kind];
  return number === null ? name : `${name} ${number}`;
}

function factsOf(invoice: InvoiceFacts, formats: MailFormats) {
  const { gross, outstanding, currency, dueOn, document } = invoice;
  return [
    { label: document === 'stripe' ? 'Celkem bez daně' : 'Celkem', value: formats.money(gross, currency) },
    ...(outstanding === gross || isZero(outstanding)
      ? []
      : [{ label: 'Zbývá uhradit', value: formats.money(outstanding, currency) }]),
    ...(dueOn === null ? [] : [{ label: 'Splatnost', value: formats.day(dueOn) }]),
  ];
}

function ofInvoice(invoice: InvoiceFacts | null): string {
  return invoice?.number ? ` za fakturu ${invoice.number}` : '';
}

function thresholdValue(value: string, currency: string | null, formats: MailFormats): string {
  if (currency !== null) return formats.money(value, currency);
  const form = { one: 'část', few: 'části' }[formats.plural(Number(value)) as string] ?? 'částí';
  return `${formats.count(value)} ${form}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isZero(amount: string): boolean {
  return /^-?0(\.0+)?$/.test(amount);
}
