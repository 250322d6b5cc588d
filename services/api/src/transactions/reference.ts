import { invoiceOfReference, paymentReference } from '@tollgate/shared/billing/invoice-references.ts';
import type { EntryKind } from '@tollgate/shared/credit/ledger.ts';
import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';

/**
 * A ledger reference as the outside sees it: what was booked for an invoice is known by the invoice's
 * public id, followed by what it was unless it is the first payment.
 */
export function toPublicReference(kind: EntryKind, reference: string | null): string | null {
  const invoiceId = reference === null || kind === 'purchase' ? null : invoiceOfReference(reference);
  return invoiceId === null || reference === null
    ? reference
    : reference.replace(`invoice ${invoiceId}`, toPublicId('inv', invoiceId));
}

/** The ledger's own reference behind what a caller asks for. */
export function fromPublicReference(reference: string): string {
  const invoiceId = fromPublicId('inv', reference);
  return invoiceId === null ? reference : paymentReference(invoiceId);
}
