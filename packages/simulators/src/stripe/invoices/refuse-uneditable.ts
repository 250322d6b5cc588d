import { invalidRequest } from '../wire/stripe-refusal.ts';
import type { Invoice } from './invoice.ts';

/** Throws StripeRefusal unless the invoice is a draft. */
export function refuseUneditable({ status }: Pick<Invoice, 'status'>): void {
  if (status === 'draft') return;
  throw invalidRequest(`This invoice is ${status} and no longer editable.`, { code: 'invoice_not_editable' });
}
