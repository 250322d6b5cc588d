import { formatMicros } from '@tollgate/shared/money/money.ts';
import { type BilledPeriod, collectedOf, judgeEach } from './billed-period.ts';
import { done, type Judgement, waiting, wrong } from './judgement.ts';

/** Whether each collected invoice is paid, and its account got back exactly what it settles, once. */
export function judgePayments(periods: readonly BilledPeriod[]): Judgement {
  return judgeEach(collectedOf(periods), 'nothing to pay', (invoice, { tenant, currency }) => {
    const { state, stripeInvoiceNumber, paymentsMicros, settlesMicros } = invoice;
    if (state === 'payment_failed') return wrong(`Stripe could not collect from ${tenant}`);
    if (state !== 'paid') return waiting(`the invoice of ${tenant} is ${state}, not paid`);
    const [payment, ...others] = paymentsMicros;
    if (others.length > 0 || payment !== settlesMicros) {
      const booked = paymentsMicros.map(formatMicros).join(', ') || 'nothing';
      return wrong(`${tenant} paid ${formatMicros(settlesMicros)}, but the ledger has ${booked}`);
    }
    const back = `${formatMicros(settlesMicros)} ${currency} back for ${tenant}`;
    return done(`Stripe invoice ${stripeInvoiceNumber ?? 'without a number'}, ${back}`);
  });
}
