import type Stripe from 'stripe';

export type SessionFacts = Pick<
  Stripe.Checkout.Session,
  'mode' | 'status' | 'payment_status' | 'currency' | 'amount_subtotal' | 'amount_total' | 'total_details'
> & {
  /** Of the payment that it led to, once there is one. */
  intentStatus: string | null;
};

/** What a session was asked to bring in, in minor units: credit before tax, and the tax that we added. */
export type ExpectedPayment = { currency: string; netMinor: bigint; ownVatMinor: bigint };

export type SessionDecision =
  | { kind: 'waiting' | 'pending' | 'failed' | 'expired' }
  | { kind: 'paid'; vatMinor: bigint; grossMinor: bigint }
  | { kind: 'mismatch'; detail: string };

/**
 * What the present state of a Checkout session means for its top-up. Only money that came counts, and
 * only where it is exactly what was asked for; a page that was left, or a debit on its way, is no money.
 */
export function decideSession(session: SessionFacts, expected: ExpectedPayment): SessionDecision {
  if (session.payment_status === 'paid') return decidePaid(session, expected);
  if (session.status === 'expired') return { kind: 'expired' };
  if (session.status !== 'complete') return { kind: 'waiting' };
  const { intentStatus } = session;
  const hasFailed = intentStatus === 'requires_payment_method' || intentStatus === 'canceled';
  return { kind: hasFailed ? 'failed' : 'pending' };
}

function decidePaid(session: SessionFacts, expected: ExpectedPayment): SessionDecision {
  const { mode, currency, amount_subtotal: subtotal, amount_total: total, total_details: details } = session;
  const stripeVatMinor = BigInt(details?.amount_tax ?? 0);
  const asked = expected.netMinor + expected.ownVatMinor;
  const fits =
    // Credit is never more than what was paid for it.
    expected.ownVatMinor >= 0n &&
    mode === 'payment' &&
    currency === expected.currency.toLowerCase() &&
    subtotal !== null &&
    total !== null &&
    BigInt(subtotal) === asked &&
    BigInt(total) === asked + stripeVatMinor;
  if (fits)
    return {
      kind: 'paid',
      vatMinor: expected.ownVatMinor + stripeVatMinor,
      grossMinor: asked + stripeVatMinor,
    };
  const came = `${subtotal} and ${total} ${currency} in ${mode} mode`;
  return {
    kind: 'mismatch',
    detail: `${came} came, ${asked} ${expected.currency.toLowerCase()} was asked for`,
  };
}
