import { stripeList } from '../account/stripe-list.ts';
import type { ObjectTable } from '../state/object-table.ts';
import type { StripeKinds } from '../state/stripe-kinds.ts';

type StoredObject = StripeKinds[keyof StripeKinds];

const embeddedLinesMax = 10;

/** Fields that are kept with the object and shown only when a call asks for them by `expand`. */
export const shownOnRequest: Record<string, readonly string[]> = {
  'checkout.session': ['line_items'],
  customer: ['invoice_credit_balance'],
  invoice: ['amount_paid_off_stripe'],
  price: ['currency_options'],
};

/** Fields that are kept for the simulator's own use. */
const neverShown: Record<string, readonly string[]> = { 'checkout.session': ['given'] };

/** Returns an object as answers and events show it: an invoice with its first ten lines, nothing only shown on request. */
export function renderObject(objects: ObjectTable, stored: StoredObject): Record<string, unknown> {
  const hidden = [...(shownOnRequest[stored.object] ?? []), ...(neverShown[stored.object] ?? [])];
  const shown = Object.fromEntries(Object.entries(stored).filter(([name]) => !hidden.includes(name)));
  if (stored.object !== 'invoice' || 'deleted' in stored) return shown;
  const lines = objects.list('line_item', {
    where: { '$.invoice': stored.id },
    order: 'oldest first',
    limit: embeddedLinesMax + 1,
  });
  return { ...shown, lines: stripeList(lines, embeddedLinesMax, `/v1/invoices/${stored.id}/lines`) };
}
