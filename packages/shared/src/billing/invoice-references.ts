/**
 * Reference of the one ledger entry that a payment of the invoice makes: the first, or the n-th where
 * a dispute or refund opened it again. Unique per tenant, so no payment is booked twice.
 */
export function paymentReference(invoiceId: string, count = 1): string {
  return count === 1 ? `invoice ${invoiceId}` : `invoice ${invoiceId} ${count}`;
}

/** Reference of the entry that takes a payment back; `cause` is the id of the dispute or refund. */
export function reopeningReference(invoiceId: string, cause: string): string {
  return `invoice ${invoiceId} reopened by ${cause}`;
}

/** Reference of the entry that a credit note makes for an invoice. */
export function creditReference(invoiceId: string, creditNoteId: string): string {
  return `invoice ${invoiceId} credited by ${creditNoteId}`;
}

const OF_INVOICE = /^invoice ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?: |$)/;

/** The invoice that a ledger entry is about, by its reference; null when it is about none. */
export function invoiceOfReference(reference: string): string | null {
  return OF_INVOICE.exec(reference)?.[1] ?? null;
}
