import { absent } from '../account/absent.ts';
import type { Account } from '../account/account.ts';
import { mergeMetadata } from '../account/metadata.ts';
import type { Customer } from '../customers/customer.ts';
import { newPaymentIntent } from '../invoice-payments/payment-intent.ts';
import { chargeIntent, declined, failIntent, succeedIntent } from '../payment-intents/charge-intent.ts';
import {
  attachMethod,
  behaviourOf,
  createMethod,
  type PaymentMethod,
  testMethods,
} from '../payment-methods/payment-method.ts';
import { failSetup, succeedSetup } from '../setup-intents/setup-intent.ts';
import { createSubscription } from '../subscriptions/create-subscription.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import type { CheckoutSession, CustomerDetails } from './checkout-session.ts';

/** What somebody pays with on the page. */
export const pageMethods = {
  card: 'pm_card_visa',
  declined: 'pm_card_chargeDeclined',
  later: 'sepa_debit',
  charge_fails: 'pm_card_chargeCustomerFail',
  authentication: 'pm_card_authenticationRequired',
} as const;

export type PageMethod = keyof typeof pageMethods;

/** Pays on the page of an open session. Returns the session, still open where the card was declined. */
export function completeSession(
  account: Account,
  session: CheckoutSession,
  choice: PageMethod,
): CheckoutSession {
  if (session.status !== 'open') throw invalidRequest(`This session is ${session.status}.`);
  const name = pageMethods[choice];
  const test = testMethods[name];
  const method = createMethod(account, name === 'sepa_debit' || test === undefined ? 'sepa_debit' : test);
  rememberAddress(account, session);
  switch (session.mode) {
    case 'payment':
      return pay(account, session, method);
    case 'setup':
      return save(account, session, method);
    case 'subscription':
      return subscribe(account, session, method);
  }
}

// Checkout asks for a country where tax is computed; here everybody answers with the same one.
function rememberAddress(account: Account, session: CheckoutSession): void {
  if (session.customer === null || session.given.customer_update?.address !== 'auto') return;
  const customer = account.get('customer', session.customer);
  if (customer.address?.country) return;
  const address = { city: null, country: 'CZ', line1: null, line2: null, postal_code: null, state: null };
  account.update('customer', customer, { address }, 'customer.updated');
}

function pay(account: Account, session: CheckoutSession, method: PaymentMethod): CheckoutSession {
  const data = session.given.payment_intent_data;
  const { currency, amount_total: amount } = session;
  if (currency === null || amount === null) throw new Error('A session that is paid has an amount.');
  const known = session.payment_intent && account.objects.find('payment_intent', session.payment_intent);
  const fresh = newPaymentIntent({
    id: account.newId('pi'),
    amount,
    currency,
    customer: session.customer,
    created: account.now,
    description: data?.description ?? null,
    metadata: mergeMetadata({}, data?.metadata),
    setup_future_usage: data?.setup_future_usage ?? null,
  });
  const intent = known || fresh;
  if (!known) account.create('payment_intent', intent, 'payment_intent.created');
  const charged = chargeIntent(account, intent, method, { isOffSession: false });
  if (charged.status === 'requires_payment_method')
    return account.update('checkout.session', session, { payment_intent: intent.id }, null);
  const changes = {
    ...ended(account, session),
    payment_intent: intent.id,
    payment_status: charged.status === 'succeeded' ? ('paid' as const) : ('unpaid' as const),
  };
  return account.update('checkout.session', session, changes, 'checkout.session.completed');
}

function save(account: Account, session: CheckoutSession, method: PaymentMethod): CheckoutSession {
  const intent = account.get('setup_intent', session.setup_intent ?? '');
  if (behaviourOf(method) === 'declines' && method.card?.last4 === '0002') {
    failSetup(account, intent);
    return session;
  }
  succeedSetup(account, intent, method);
  return account.update('checkout.session', session, ended(account, session), 'checkout.session.completed');
}

function subscribe(account: Account, session: CheckoutSession, method: PaymentMethod): CheckoutSession {
  if (session.customer === null)
    throw invalidRequest('A subscription here needs a customer.', { param: 'customer' });
  if (account.declineCode !== undefined || behaviourOf(method) === 'declines') return session;
  attachMethod(account, method, session.customer);
  const data = session.given.subscription_data;
  const subscription = createSubscription(account, {
    customer: session.customer,
    items: session.line_items.data.map(({ price, quantity }) => ({ price: price.id, quantity })),
    default_payment_method: method.id,
    automatic_tax: { enabled: session.automatic_tax.enabled },
    ...(session.currency === null ? {} : { currency: session.currency }),
    ...(data?.metadata === undefined ? {} : { metadata: data.metadata }),
    ...(data?.description === undefined ? {} : { description: data.description }),
    ...(data?.pending_invoice_item_interval === undefined
      ? {}
      : { pending_invoice_item_interval: data.pending_invoice_item_interval }),
  });
  const changes = {
    ...ended(account, session),
    subscription: subscription.id,
    invoice: subscription.latest_invoice,
    payment_status: session.amount_total === 0 ? ('no_payment_required' as const) : ('paid' as const),
  };
  return account.update('checkout.session', session, changes, 'checkout.session.completed');
}

function ended(account: Account, session: CheckoutSession): Partial<CheckoutSession> {
  const customer = session.customer === null ? undefined : account.get('customer', session.customer);
  const isTaxed = session.automatic_tax.enabled;
  return {
    status: 'complete',
    url: null,
    automatic_tax: { ...session.automatic_tax, status: isTaxed ? 'complete' : null },
    ...(customer && { customer_details: detailsOf(customer) }),
  };
}

function detailsOf({ address, email, name, tax_exempt }: Customer): CustomerDetails {
  return {
    ...absent('business_name', 'individual_name', 'phone'),
    address,
    email,
    name,
    tax_exempt,
    tax_ids: [],
  };
}

/** Decides a payment that was to come later: the money of a bank debit comes, or does not. */
export function settleSession(account: Account, session: CheckoutSession, isPaid: boolean): CheckoutSession {
  const intent = account.objects.find('payment_intent', session.payment_intent ?? '');
  if (session.status !== 'complete' || intent?.status !== 'processing')
    throw invalidRequest('No payment of this session is on its way.');
  if (!isPaid) {
    failIntent(account, intent, {
      ...declined('insufficient_funds'),
      code: 'payment_intent_payment_attempt_failed',
    });
    account.emit('checkout.session.async_payment_failed', session);
    return session;
  }
  succeedIntent(account, intent);
  const paid = account.update('checkout.session', session, { payment_status: 'paid' }, null);
  account.emit('checkout.session.async_payment_succeeded', paid);
  return paid;
}

/** Ends an open session unpaid. */
export function expireSession(account: Account, session: CheckoutSession): CheckoutSession {
  if (session.status !== 'open') {
    throw new StripeRefusal(400, {
      type: 'invalid_request_error',
      message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    });
  }
  return account.update(
    'checkout.session',
    session,
    { status: 'expired', url: null },
    'checkout.session.expired',
  );
}
