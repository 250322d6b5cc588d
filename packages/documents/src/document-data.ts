import type { Locale } from '@tollgate/shared/notifications/mail-parts.ts';

/** Who stands on a document. */
export type PartyOnDocument = {
  name: string;
  street: string | null;
  city: string | null;
  postalCode: string | null;
  /** ISO 3166-1 alpha-2 */
  country: string | null;
  registrationId: string | null;
  vatId: string | null;
};

/** A row of the table of lines. */
export type DocumentRow =
  /** The name of the tenant whose usage follows, and what it comes to. */
  | { kind: 'section'; name: string; amountMicros: bigint }
  | {
      kind: 'line';
      isOfSection: boolean;
      line: DocumentLine;
    };

export type DocumentLine = {
  kind: string;
  meter: string;
  /** ISO 3166-1 alpha-2, or empty. */
  country: string;
  unitPriceMicros: bigint;
  quantity: bigint;
  amountMicros: bigint;
  /** As it was stored, in English. */
  description: string;
};

export type VatTreatment = 'none' | 'standard' | 'reverse_charge' | 'outside' | 'stripe';

/** What is printed on a document, as it stood when the document was first given out. Days are YYYY-MM-DD. */
export type DocumentData = {
  kind: 'invoice' | 'statement' | 'credit_note' | 'top_up';
  locale: Locale;
  /** Null for a statement that has none. */
  number: string | null;
  /** The record's public id: inv_… */
  reference: string;
  isVoid: boolean;
  /** Whether it is charged on the invoice of another tenant, who pays for this one. */
  isSection: boolean;
  issuer: PartyOnDocument & { registerNote: string | null; email: string | null };
  payer: PartyOnDocument;
  issuedAt: Date;
  issuedOn: string;
  /** The day of taxable supply; null where no tax of ours is on it. */
  taxPointOn: string | null;
  dueOn: string | null;
  /** Number of the document that a credit note takes back, and whether it is that of a top-up. */
  creditsNumber: string | null;
  creditsTopUp: boolean;
  period: { firstDay: string; lastDay: string; timeZone: string } | null;
  currency: string;
  rows: DocumentRow[];
  vatTreatment: VatTreatment;
  vatRateBps: number;
  totalMinor: bigint;
  vatMinor: bigint;
  grossMinor: bigint;
  /** Prepaid credit that was used with VAT in it, at the same rate, and that VAT; null where there is none. */
  taxedUse: { grossMinor: bigint; vatMinor: bigint } | null;
  /** What came in or was taken back before this document was made: less remains to be paid. */
  settledMinor: bigint;
  /** Where it is to be paid; null where nothing is, or nobody pays by transfer. */
  bank: { iban: string; bic: string | null; variableSymbol: string } | null;
  /** Set on a reminder of the invoice. */
  reminder: { level: number; remindedOn: string; daysPastDue: number } | null;
};
