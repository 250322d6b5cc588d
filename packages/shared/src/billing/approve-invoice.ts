import type { Transaction } from '../runtime/transaction.ts';
import { InvoiceStateError } from './invoice-states.ts';
import { lockInvoice } from './invoices.ts';
import { issueInvoice } from './issue-invoice.ts';

/**
 * Issues what waited for an operator's approval: number, parties, days and tax are those of this
 * moment. Returns whether this call did it; an invoice that was issued before stays as it is. Throws
 * InvoiceStateError for one that is void or does not exist.
 */
export async function approveInvoice(
  tx: Transaction,
  { invoiceId, by }: { invoiceId: string; by: string },
  at: Date,
): Promise<boolean> {
  const invoice = await lockInvoice(tx.db, invoiceId);
  if (!invoice) throw new InvoiceStateError(`there is no invoice ${invoiceId}`);
  if (invoice.state === 'void') throw new InvoiceStateError(`invoice ${invoiceId} is void`);
  if (invoice.state !== 'awaiting_approval') return false;
  await issueInvoice(tx, invoice, at, { by });
  return true;
}
