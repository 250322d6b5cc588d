import Stripe from 'stripe';
import { lookUpInvoices, lookUpItems } from './look-up.ts';
import type { Push } from './pushes.ts';
import type { PushCall } from './run-push.ts';

/** `POST /v1/invoiceitems`, for an item on a subscription's next invoice or on a draft. */
export function itemCall(stripe: Stripe, amountMinor: bigint): PushCall<Stripe.InvoiceItem> {
  return {
    name: 'create invoice item',
    send: (push, idempotencyKey) =>
      stripe.invoiceItems.create(push.params as unknown as Stripe.InvoiceItemCreateParams, {
        idempotencyKey,
      }),
    lookUp: (push) => lookUpItems(stripe, push),
    idOf: ({ id }) => id,
    differs: ({ amount, currency }, { params }) =>
      BigInt(amount) === amountMinor && currency === params.currency
        ? null
        : `it is ${amount} ${currency}, expected ${amountMinor} ${params.currency}`,
    isOtherWay: (error) =>
      error instanceof Stripe.errors.StripeInvalidRequestError &&
      error.code === 'resource_missing' &&
      error.param === 'subscription',
  };
}

/** `POST /v1/invoices`: an empty draft, or one with what is pending. */
export function draftCall(stripe: Stripe): PushCall<Stripe.Invoice> {
  return {
    name: 'create draft invoice',
    send: (push, idempotencyKey) =>
      stripe.invoices.create(push.params as unknown as Stripe.InvoiceCreateParams, { idempotencyKey }),
    lookUp: (push) => lookUpInvoices(stripe, push),
    idOf: ({ id }) => id,
    differs: ({ currency, customer, livemode: _ }, { params }) =>
      currency === params.currency && customer === params.customer
        ? null
        : `it is in ${currency} for ${customer}, expected ${params.currency} for ${params.customer}`,
  };
}

/** `POST /v1/invoices/:id/finalize`. It makes no object of its own: the draft itself tells whether it was done. */
export function finalizeCall(stripe: Stripe): PushCall<Stripe.Invoice> {
  const draftOf = ({ params }: Push) => String(params.invoice);
  return {
    name: 'finalize invoice',
    send: (push, idempotencyKey) =>
      stripe.invoices.finalizeInvoice(draftOf(push), { auto_advance: true }, { idempotencyKey }),
    async lookUp(push) {
      const invoice = await stripe.invoices.retrieve(draftOf(push));
      return invoice.status === 'draft' ? [] : [invoice];
    },
    idOf: ({ id }) => `${id} finalized`,
    differs: () => null,
  };
}
