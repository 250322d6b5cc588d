export const invoiceStates = [
  'awaiting_approval',
  'issued',
  'payment_failed',
  'disputed',
  'paid',
  'void',
] as const;

export type InvoiceState = (typeof invoiceStates)[number];

/** What an invoice in such a state settles is still to come: it counts in the S of "what is owed". */
export const unsettledStates = [
  'awaiting_approval',
  'issued',
  'payment_failed',
  'disputed',
] as const satisfies readonly InvoiceState[];

/** States in which money may come in for an invoice. */
export const payableStates = [
  'issued',
  'payment_failed',
  'disputed',
] as const satisfies readonly InvoiceState[];

/** Something was asked of an invoice that its state, or what hangs on it, does not allow. */
export class InvoiceStateError extends Error {
  override readonly name = 'InvoiceStateError';
}
