/** Everything a document says in one language. Another language is another value of this type. */
export type DocumentWording = {
  /** BCP 47: dates, numbers and money are written its way. */
  locale: string;
  titles: {
    taxInvoice: string;
    invoice: string;
    statement: string;
    taxStatement: string;
    creditNote: string;
    topUp: string;
    /** Of a payment without VAT: no tax document. */
    receipt: string;
    reminder: (level: number) => string;
  };
  number: string;
  withoutNumber: string;
  void: string;
  issuer: string;
  payer: string;
  registrationId: string;
  vatId: string;
  issuedOn: string;
  taxPointOn: string;
  paidOn: string;
  dueOn: string;
  period: string;
  periodZone: (timeZone: string) => string;
  creditsInvoice: string;
  creditsDocument: string;
  columns: { description: string; quantity: string; unitPrice: string; amount: (currency: string) => string };
  smsTo: (country: string) => string;
  sms: string;
  smsCredit: string;
  creditReasons: { refund: string; dispute: string };
  late: (day: string | null) => string;
  coveredByCredit: string;
  continued: string;
  subtotal: string;
  rounding: string;
  vatColumns: { rate: string; base: string; vat: string; total: string };
  beforeTax: string;
  plusTax: string;
  vat: (rate: string) => string;
  usedCredit: string;
  containedVat: (rate: string) => string;
  toPay: string;
  toReturn: string;
  total: string;
  alreadySettled: string;
  nothingToPay: string;
  paidOnTopUp: string;
  notes: {
    reverseCharge: string;
    outside: string;
    none: string;
    stripe: string;
    section: string;
    taxedUse: string;
  };
  payment: {
    heading: string;
    iban: string;
    bic: string;
    variableSymbol: string;
    amount: string;
    dueOn: string;
    qr: string;
    message: (number: string) => string;
  };
  reminderText: (facts: { number: string; dueOn: string; days: number; amount: string }) => string;
  page: (page: number, pages: number) => string;
};
