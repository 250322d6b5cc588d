import type Stripe from 'stripe';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { collectsBalance, decidePayment } from './decide-payment.ts';
import { settle } from './settle-by-stripe.ts';

/**
 * Settles what a customer's balance had carried: invoices below the minimum that Stripe marked as paid
 * without money, once a later invoice of the customer started with that balance and was paid. Read from
 * both sides at once, so it does not matter which of the two invoices we hear of first.
 */
export async function settleCarried(deps: ApplyEventDeps, customer: string): Promise<number> {
  const carried = await findCarried(deps, customer);
  const oldest = carried.reduce((at, { invoice }) => Math.min(at, invoice.created), Number.POSITIVE_INFINITY);
  if (carried.length === 0) return 0;
  const collecting: Stripe.Invoice[] = [];
  const filter = { customer, status: 'paid', created: { gte: oldest }, limit: 100 } as const;
  for await (const invoice of deps.stripe.invoices.list(filter))
    if (collectsBalance(invoice)) collecting.unshift(invoice);
  let settled = 0;
  for (const { invoiceId, invoice } of carried) {
    const payer = collecting.find((one) => one.currency === invoice.currency && isLater(one, invoice));
    if (payer && (await settle(deps, invoiceId, payer))) settled += 1;
  }
  return settled;
}

/** Our unpaid invoices whose Stripe invoice the customer's balance took. */
async function findCarried({ prisma, stripe }: ApplyEventDeps, customer: string) {
  const unpaid = await prisma.invoice.findMany({
    where: {
      state: { in: ['issued', 'payment_failed'] },
      stripeInvoiceId: { not: null },
      pushes: { some: { customer } },
    },
    select: { id: true, stripeInvoiceId: true },
  });
  const carried: { invoiceId: string; invoice: Stripe.Invoice }[] = [];
  for (const { id, stripeInvoiceId } of unpaid) {
    if (stripeInvoiceId === null) continue;
    const invoice = await stripe.invoices.retrieve(stripeInvoiceId);
    if (decidePayment(invoice) === 'carried') carried.push({ invoiceId: id, invoice });
  }
  return carried;
}

function isLater(one: Stripe.Invoice, other: Stripe.Invoice): boolean {
  const finalizedAt = ({ status_transitions, created }: Stripe.Invoice) =>
    status_transitions.finalized_at ?? created;
  return one.id !== other.id && finalizedAt(one) >= finalizedAt(other);
}
