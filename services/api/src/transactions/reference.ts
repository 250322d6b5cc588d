import { paymentReference } from '@tollgate/shared/billing/settle-invoice.ts';
import type { EntryKind } from '@tollgate/shared/credit/ledger.ts';
import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';

/** A ledger reference as the outside sees it: the payment of an invoice is known by the invoice's public id. */
export function toPublicReference(kind: EntryKind, reference: string | null): string | null {
  if (kind !== 'invoice_payment' || reference === null) return reference;
  const invoiceId = reference.split(' ').at(-1) ?? '';
  return reference === paymentReference(invoiceId) ? toPublicId('inv', invoiceId) : reference;
}

/** The ledger's own reference behind what a caller asks for. */
export function fromPublicReference(reference: string): string {
  const invoiceId = fromPublicId('inv', reference);
  return invoiceId === null ? reference : paymentReference(invoiceId);
}
