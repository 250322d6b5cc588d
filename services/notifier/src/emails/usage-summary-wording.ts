import type { Locale } from '@tollgate/shared/notifications/mail-parts.ts';

type Counted = { count: string; plural: Intl.LDMLPluralRule };

/** Everything a usage summary says in one language. Another language is another value of this type. */
export type UsageSummaryWording = {
  /** BCP 47: dates, numbers and money are written its way. */
  locale: string;
  subject: (tenantName: string, period: string) => string;
  heading: string;
  period: (period: string, timeZone: string) => string;
  /** The counts are formatted; `plural` is their grammatical number. */
  volume: (counts: { messages: Counted; segments: Counted }) => string;
  columns: { description: string; quantity: string; amount: string };
  /** Null: lines stay as they were stored, which is in English. */
  smsTo: ((country: string) => string) | null;
  late: string;
  coveredByCredit: string;
  usage: string;
  owed: (amount: string) => string;
  owedByStripe: string;
  owedByInvoice: string;
  owedByPayer: string;
  nothingOwed: string;
  closing: string;
};

const english: UsageSummaryWording = {
  locale: 'en-GB',
  subject: (tenantName, period) => `${tenantName}: SMS usage, ${period}`,
  heading: 'SMS usage',
  period: (period, timeZone) => `${period}, days in ${timeZone}`,
  volume: ({ messages, segments }) =>
    `${messages.count} ${messages.plural === 'one' ? 'message' : 'messages'} in ${segments.count} ${segments.plural === 'one' ? 'segment' : 'segments'}`,
  columns: { description: 'Description', quantity: 'Quantity', amount: 'Amount' },
  smsTo: null,
  late: 'late',
  coveredByCredit: 'Covered by your credit',
  usage: 'Usage before tax',
  owed: (amount) => `To pay: ${amount} before tax`,
  owedByStripe: 'The amount is on your invoice from Stripe, where tax is added.',
  owedByInvoice: 'The invoice comes with a mail of its own.',
  owedByPayer: 'It is charged on the invoice of the organisation that pays for you.',
  nothingOwed: 'Nothing to pay: this statement was covered by your credit',
  closing: 'Sent by Tollgate when your period was closed.',
};

const czechMessages: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'zpráva', few: 'zprávy' };
const czechSegments: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'část', few: 'části' };

const czech: UsageSummaryWording = {
  locale: 'cs-CZ',
  subject: (tenantName, period) => `${tenantName}: spotřeba SMS, ${period}`,
  heading: 'Spotřeba SMS',
  period: (period, timeZone) => `${period}, dny v pásmu ${timeZone}`,
  volume: ({ messages, segments }) =>
    `${messages.count} ${czechMessages[messages.plural] ?? 'zpráv'}, ${segments.count} ${czechSegments[segments.plural] ?? 'částí'}`,
  columns: { description: 'Popis', quantity: 'Množství', amount: 'Částka' },
  smsTo: (country) => `SMS – ${country}`,
  late: 'dodatečně',
  coveredByCredit: 'Uhrazeno z vašeho kreditu',
  usage: 'Spotřeba bez daně',
  owed: (amount) => `K úhradě: ${amount} bez daně`,
  owedByStripe: 'Částka je na vaší faktuře od společnosti Stripe, kde se připočítá daň.',
  owedByInvoice: 'Fakturu dostanete v samostatném e-mailu.',
  owedByPayer: 'Částka je účtována na faktuře organizace, která za vás platí.',
  nothingOwed: 'Není co platit: vyúčtování pokryl váš kredit',
  closing: 'Odesláno službou Tollgate po uzavření zúčtovacího období.',
};

export const usageSummaryWordings: Record<Locale, UsageSummaryWording> = { cs: czech, en: english };
