import type Stripe from 'stripe';
import { idOf } from './apply-event-deps.ts';

/** What a Stripe invoice was paid and what of that is gone, in minor units. */
export type MoneyTaken = {
  paid: number;
  taken: number;
  /** Of the one ledger entry that takes all of it back. */
  reference: string;
};

/** none: nothing is gone any more. part: of which invoice of ours, nobody can tell. */
export function decideTaken({ paid, taken }: Pick<MoneyTaken, 'paid' | 'taken'>): 'none' | 'part' | 'all' {
  if (taken === 0) return 'none';
  return taken < paid ? 'part' : 'all';
}

/** What refunds took of a Stripe invoice, over all of its payments: there may be several. */
export async function refundedOf(stripe: Stripe, stripeInvoiceId: string): Promise<MoneyTaken> {
  const { paid, intents } = await paymentsOf(stripe, stripeInvoiceId);
  let taken = 0;
  for (const payment_intent of intents)
    for await (const { status, amount } of stripe.refunds.list({ payment_intent, limit: 100 }))
      if (status === 'succeeded' || status === 'pending') taken += amount;
  // The same whichever of its payments is refunded last.
  return { paid, taken, reference: intents.toSorted()[0] ?? stripeInvoiceId };
}

/** What a dispute takes of a Stripe invoice: nothing once it has returned. */
export async function disputedOf(
  stripe: Stripe,
  stripeInvoiceId: string,
  { id, amount, isReturned }: { id: string; amount: number; isReturned: boolean },
): Promise<MoneyTaken> {
  const { paid } = await paymentsOf(stripe, stripeInvoiceId);
  return { paid, taken: isReturned ? 0 : amount, reference: id };
}

async function paymentsOf(stripe: Stripe, invoice: string): Promise<{ paid: number; intents: string[] }> {
  let paid = 0;
  const intents = new Set<string>();
  const filter = { invoice, status: 'paid', limit: 100 } as const;
  for await (const { amount_paid, payment } of stripe.invoicePayments.list(filter)) {
    paid += amount_paid ?? 0;
    const intent = idOf(payment.payment_intent);
    if (intent !== null) intents.add(intent);
  }
  return { paid, intents: [...intents] };
}
