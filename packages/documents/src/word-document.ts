import { creditReasons } from '@tollgate/shared/billing/prepaid/credit-top-up-document.ts';
import { minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import type { DocumentData, DocumentLine, PartyOnDocument } from './document-data.ts';
import { createFormats, type Formats } from './format.ts';
import { buildSpayd } from './spayd.ts';
import type { DocumentWording } from './wording/wording.ts';
import { wordings } from './wording/wordings.ts';

export type Labelled = { label: string; value: string };

export type WordedRow = {
  kind: 'section' | 'line' | 'sectionLine';
  description: string;
  quantity: string;
  unitPrice: string;
  amount: string;
};

/** A document in words: all that stands on it, formatted and not yet laid out. */
export type DocumentWords = {
  language: string;
  title: string;
  number: Labelled;
  stamp: string | null;
  parties: { heading: string; name: string; lines: string[] }[];
  facts: Labelled[];
  intro: string | null;
  columns: { description: string; quantity: string; unitPrice: string; amount: string };
  /** None on a reminder. */
  rows: WordedRow[];
  continued: string;
  sums: Labelled[];
  total: Labelled;
  vatTable: { head: string[]; rows: string[][] } | null;
  notes: string[];
  payment: { heading: string; entries: Labelled[]; qr: { label: string; text: string } | null } | null;
  footer: string[];
  page: (page: number, pages: number) => string;
  createdAt: Date;
};

/** Puts a document into words, in its language. */
export function wordDocument(data: DocumentData): DocumentWords {
  const words = wordings[data.locale];
  const formats = createFormats(words.locale, data.currency);
  const isReminder = data.reminder !== null;
  return {
    language: data.locale,
    title: titleOf(data, words),
    number: { label: data.number === null ? words.withoutNumber : words.number, value: numberOf(data) },
    stamp: data.isVoid ? words.void : null,
    parties: [
      { heading: words.issuer, ...partyLines(data.issuer, words, formats) },
      { heading: words.payer, ...partyLines(data.payer, words, formats) },
    ],
    facts: factsOf(data, words, formats),
    intro: reminderText(data, words, formats),
    columns: { ...words.columns, amount: words.columns.amount(data.currency) },
    rows: isReminder ? [] : data.rows.map((row) => wordRow(row, words, formats)),
    continued: words.continued,
    sums: sumsOf(data, words, formats),
    total: totalOf(data, words, formats),
    vatTable: isReminder ? null : vatTableOf(data, words, formats),
    notes: notesOf(data, words),
    payment: paymentOf(data, words, formats),
    footer: [data.issuer.registerNote, data.issuer.email].filter((text) => text !== null),
    page: words.page,
    createdAt: data.reminder === null ? data.issuedAt : new Date(data.reminder.remindedOn),
  };
}

/** What is still to be paid when the document is made. */
export function toPayMinor({ grossMinor, settledMinor }: DocumentData): bigint {
  return grossMinor - settledMinor;
}

function titleOf(
  { kind, reminder, vatTreatment, taxedUse }: DocumentData,
  { titles }: DocumentWording,
): string {
  if (reminder !== null) return titles.reminder(reminder.level);
  switch (kind) {
    case 'invoice':
      return vatTreatment === 'none' ? titles.invoice : titles.taxInvoice;
    case 'statement':
      return taxedUse === null ? titles.statement : titles.taxStatement;
    case 'credit_note':
      return titles.creditNote;
    case 'top_up':
      return vatTreatment === 'none' ? titles.receipt : titles.topUp;
  }
}

function numberOf({ number, reference }: DocumentData): string {
  return number ?? reference;
}

function partyLines(party: PartyOnDocument, words: DocumentWording, formats: Formats) {
  const { name, street, city, postalCode, country, registrationId, vatId } = party;
  const lines = [
    street,
    [postalCode, city].filter(Boolean).join(' '),
    country && formats.country(country),
    registrationId && `${words.registrationId}: ${registrationId}`,
    vatId && `${words.vatId}: ${vatId}`,
  ];
  return { name, lines: lines.filter((line) => typeof line === 'string' && line !== '') as string[] };
}

function factsOf(data: DocumentData, words: DocumentWording, formats: Formats): Labelled[] {
  const { reminder, period } = data;
  const day = (label: string, date: string | null) =>
    date === null ? [] : [{ label, value: formats.day(date) }];
  return [
    ...day(words.issuedOn, reminder?.remindedOn ?? data.issuedOn),
    ...(reminder === null
      ? day(data.kind === 'top_up' ? words.paidOn : words.taxPointOn, data.taxPointOn)
      : []),
    ...day(words.dueOn, data.dueOn),
    ...(data.bank === null ? [] : [{ label: words.payment.variableSymbol, value: data.bank.variableSymbol }]),
    ...(data.creditsNumber === null
      ? []
      : [
          {
            label: data.creditsTopUp ? words.creditsDocument : words.creditsInvoice,
            value: data.creditsNumber,
          },
        ]),
    ...(period === null || reminder !== null
      ? []
      : [
          {
            label: words.period,
            value: `${formats.days(period.firstDay, period.lastDay)} (${words.periodZone(period.timeZone)})`,
          },
        ]),
  ];
}

function reminderText(data: DocumentData, words: DocumentWording, formats: Formats): string | null {
  if (data.reminder === null) return null;
  return words.reminderText({
    number: numberOf(data),
    dueOn: data.dueOn === null ? '–' : formats.day(data.dueOn),
    days: data.reminder.daysPastDue,
    amount: `${formats.money(toPayMinor(data))}${isTaxUnknown(data) ? ` ${words.plusTax}` : ''}`,
  });
}

/** Stripe adds tax on its own document, and tells us only afterwards. */
function isTaxUnknown({ vatTreatment, vatMinor }: DocumentData): boolean {
  return vatTreatment === 'stripe' && vatMinor === 0n;
}

function wordRow(row: DocumentData['rows'][number], words: DocumentWording, formats: Formats): WordedRow {
  if (row.kind === 'section') {
    const { name, amountMicros } = row;
    return {
      kind: 'section',
      description: name,
      quantity: '',
      unitPrice: '',
      amount: formats.amount(amountMicros),
    };
  }
  const { line, isOfSection } = row;
  const isCounted = line.unitPriceMicros !== 0n || line.meter !== '';
  return {
    kind: isOfSection ? 'sectionLine' : 'line',
    description: describeLine(line, words, formats),
    quantity: isCounted ? formats.count(line.quantity) : '',
    unitPrice: isCounted ? formats.amount(line.unitPriceMicros) : '',
    amount: formats.amount(line.amountMicros),
  };
}

/** SMS and credit are named in the document's language; what operators named stays as they named it. */
function describeLine(line: DocumentLine, words: DocumentWording, formats: Formats): string {
  if (line.kind === 'covered_by_credit') return words.coveredByCredit;
  if (line.kind === 'top_up') return words.smsCredit;
  if (line.kind === 'credit') return describeCredit(line, words);
  const isLate = line.kind === 'late_usage' || line.kind === 'late_charge';
  if (line.meter !== SMS_METER) return line.description;
  const what = line.country === '' ? words.sms : words.smsTo(formats.country(line.country));
  if (!isLate) return what;
  const [, since] = /(\d{4}-\d{2}-\d{2})$/.exec(line.description) ?? [];
  return `${what}, ${words.late(since === undefined ? null : formats.day(since))}`;
}

/** The reason, in words of ours where it is ours. The document names the invoice that it corrects in its head. */
function describeCredit({ description }: DocumentLine, words: DocumentWording): string {
  const reason = description.replace(/^Credit for invoice \S+: /, '');
  if (reason === creditReasons.refund) return words.creditReasons.refund;
  return reason === creditReasons.dispute ? words.creditReasons.dispute : reason;
}

function sumsOf(data: DocumentData, words: DocumentWording, formats: Formats): Labelled[] {
  const { totalMinor, vatMinor, vatRateBps, vatTreatment, taxedUse, settledMinor, reminder } = data;
  if (reminder !== null) {
    const settled = { label: words.alreadySettled, value: formats.money(-settledMinor) };
    return [{ label: words.total, value: formats.money(data.grossMinor) }].concat(
      settledMinor === 0n ? [] : [settled],
    );
  }
  const exactMicros = data.rows
    .filter((row) => row.kind === 'section' || !row.isOfSection)
    .reduce((sum, row) => sum + (row.kind === 'section' ? row.amountMicros : row.line.amountMicros), 0n);
  const roundedMicros = minorUnitsToMicros(totalMinor, data.currency) - exactMicros;
  return [
    ...(roundedMicros === 0n ? [] : [{ label: words.rounding, value: formats.amount(roundedMicros) }]),
    ...(taxedUse === null
      ? []
      : [
          { label: words.usedCredit, value: formats.money(taxedUse.grossMinor) },
          { label: words.containedVat(formats.rate(vatRateBps)), value: formats.money(taxedUse.vatMinor) },
        ]),
    ...(vatTreatment === 'standard' && isTaxedOnTop(data)
      ? [
          { label: words.beforeTax, value: formats.money(totalMinor) },
          { label: words.vat(formats.rate(vatRateBps)), value: formats.money(vatMinor) },
        ]
      : []),
    ...(settledMinor === 0n
      ? []
      : [
          { label: words.total, value: formats.money(data.grossMinor) },
          { label: words.alreadySettled, value: formats.money(-settledMinor) },
        ]),
  ];
}

function totalOf(data: DocumentData, words: DocumentWording, formats: Formats): Labelled {
  if (data.kind === 'top_up' || data.isSection) {
    return { label: words.total, value: formats.money(data.grossMinor) };
  }
  const toPay = toPayMinor(data);
  return toPay < 0n
    ? { label: words.toReturn, value: formats.money(-toPay) }
    : {
        label: isTaxUnknown(data) ? words.beforeTax : words.toPay,
        value: formats.money(toPay),
      };
}

function vatTableOf(data: DocumentData, words: DocumentWording, formats: Formats): DocumentWords['vatTable'] {
  if (data.vatTreatment !== 'standard') return null;
  const { rate, base, vat, total } = words.vatColumns;
  const row = (baseMinor: bigint, vatMinor: bigint) => [
    formats.rate(data.vatRateBps),
    formats.money(baseMinor),
    formats.money(vatMinor),
    formats.money(baseMinor + vatMinor),
  ];
  const { taxedUse, totalMinor, vatMinor } = data;
  return {
    head: [rate, base, vat, total],
    rows: [
      ...(taxedUse === null ? [] : [row(taxedUse.grossMinor - taxedUse.vatMinor, taxedUse.vatMinor)]),
      ...(isTaxedOnTop(data) ? [row(totalMinor, vatMinor)] : []),
    ],
  };
}

/** Whether tax is added to what the document asks for; a statement asks for nothing. */
function isTaxedOnTop({ taxedUse, grossMinor }: DocumentData): boolean {
  return taxedUse === null || grossMinor !== 0n;
}

function notesOf(data: DocumentData, words: DocumentWording): string[] {
  const { notes, nothingToPay, paidOnTopUp } = words;
  if (data.reminder !== null) return [];
  if (data.kind === 'top_up') return [paidOnTopUp, ...taxNote(data, notes)];
  if (data.isSection) return [notes.section];
  const ofUse = data.taxedUse === null ? [] : [notes.taxedUse];
  if (data.kind === 'statement' && data.grossMinor === 0n) return [nothingToPay, ...ofUse];
  return [...ofUse, ...taxNote(data, notes)];
}

function taxNote({ vatTreatment }: DocumentData, notes: DocumentWording['notes']): string[] {
  switch (vatTreatment) {
    case 'standard':
      return [];
    case 'reverse_charge':
      return [notes.reverseCharge];
    case 'outside':
      return [notes.outside];
    case 'none':
      return [notes.none];
    case 'stripe':
      return [notes.stripe];
  }
}

function paymentOf(data: DocumentData, words: DocumentWording, formats: Formats): DocumentWords['payment'] {
  const amountMinor = toPayMinor(data);
  if (data.bank === null || amountMinor <= 0n || data.isVoid) return null;
  const { iban, bic, variableSymbol } = data.bank;
  const { payment } = words;
  const spayd =
    data.currency === 'CZK'
      ? buildSpayd({
          iban,
          bic,
          amountMinor,
          variableSymbol,
          message: payment.message(numberOf(data)),
          // A day that has passed would be refused by the payer's bank.
          dueOn: data.reminder === null ? data.dueOn : null,
        })
      : null;
  return {
    heading: payment.heading,
    entries: [
      { label: payment.iban, value: iban.replaceAll(' ', '').replace(/(.{4})(?=.)/g, '$1 ') },
      ...(bic === null ? [] : [{ label: payment.bic, value: bic }]),
      { label: payment.variableSymbol, value: variableSymbol },
      { label: payment.amount, value: formats.money(amountMinor) },
      ...(data.dueOn === null ? [] : [{ label: payment.dueOn, value: formats.day(data.dueOn) }]),
    ],
    qr: spayd === null ? null : { label: payment.qr, text: spayd },
  };
}
