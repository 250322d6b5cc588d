import { formatMicros } from '@tollgate/shared/money/money.ts';
import { type BilledInvoice, type BilledPeriod, collectedOf, judgeEach } from './billed-period.ts';
import { done, type Judgement, waiting, wrong } from './judgement.ts';

/** An invoice item as Stripe has it; the amount in minor units, the currency in lower case. */
export type StripeItem = { id: string; amount: number; currency: string; ofInvoice: string | undefined };

/** Whether each invoice that is collected is exactly one item at Stripe, of exactly its total. */
export function judgeItems(periods: readonly BilledPeriod[], items: readonly StripeItem[]): Judgement {
  return judgeEach(collectedOf(periods), 'nothing to collect', (invoice, { tenant, currency }) => {
    const stopped = invoice.pushes.find(({ state }) => state !== 'sent' && state !== 'confirmed');
    if (stopped !== undefined)
      return wrong(`the push for ${tenant} is ${stopped.state}: ${stopped.lastError}`);
    const own = items.filter(({ ofInvoice }) => ofInvoice === invoice.id);
    if (own.length > 1) return wrong(`${own.length} items for one invoice of ${tenant}: ${idsOf(own)}`);
    const [item] = own;
    if (item === undefined) return waiting(`Stripe has no item for ${tenant}`);
    const difference = differenceOf(item, invoice, currency);
    if (difference !== null) return wrong(`${item.id} of ${tenant} ${difference}`);
    const [push] = invoice.pushes;
    if (push?.state !== 'confirmed') return waiting(`${item.id} is not confirmed in our books`);
    if (push.stripeId !== item.id) return wrong(`our books say ${push.stripeId}, Stripe has ${item.id}`);
    return done(`${item.id}, ${formatMicros(invoice.settlesMicros)} ${currency} for ${tenant}`);
  });
}

function differenceOf(item: StripeItem, invoice: BilledInvoice, currency: string): string | null {
  if (item.currency === currency.toLowerCase() && BigInt(item.amount) === invoice.totalMinor) return null;
  return `is ${item.amount} ${item.currency}, not ${invoice.totalMinor} ${currency.toLowerCase()}`;
}

const idsOf = (items: readonly StripeItem[]) => items.map(({ id }) => id).join(', ');
