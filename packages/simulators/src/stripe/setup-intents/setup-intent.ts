import { absent } from '../account/absent.ts';
import type { Account } from '../account/account.ts';
import type { Metadata } from '../account/metadata.ts';
import { attachMethod, type PaymentMethod } from '../payment-methods/payment-method.ts';

export interface SetupIntent
  extends Record<
    | 'allowed_payment_method_types'
    | 'application'
    | 'cancellation_reason'
    | 'description'
    | 'excluded_payment_method_types'
    | 'latest_attempt'
    | 'mandate'
    | 'next_action'
    | 'on_behalf_of'
    | 'payment_method_configuration_details'
    | 'payment_method_options'
    | 'single_use_mandate',
    null
  > {
  id: string;
  object: 'setup_intent';
  automatic_payment_methods: { allow_redirects: 'always'; enabled: true };
  client_secret: string;
  created: number;
  customer: string | null;
  last_setup_error: { type: 'card_error'; code: string; message: string } | null;
  livemode: false;
  metadata: Metadata;
  payment_method: string | null;
  payment_method_types: string[];
  status: 'canceled' | 'requires_payment_method' | 'succeeded';
  usage: 'off_session';
}

/** Creates an intent to save a means of payment. */
export function createSetupIntent(
  account: Account,
  customer: string | null,
  metadata: Metadata,
): SetupIntent {
  const id = account.newId('seti');
  const intent: SetupIntent = {
    ...absent('allowed_payment_method_types', 'application', 'cancellation_reason', 'description'),
    ...absent('excluded_payment_method_types', 'latest_attempt', 'mandate', 'next_action', 'on_behalf_of'),
    ...absent('payment_method_configuration_details', 'payment_method_options', 'single_use_mandate'),
    id,
    object: 'setup_intent',
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    client_secret: `${id}_secret_simulated`,
    created: account.now,
    customer,
    last_setup_error: null,
    livemode: false,
    metadata,
    payment_method: null,
    payment_method_types: ['card'],
    status: 'requires_payment_method',
    usage: 'off_session',
  };
  account.create('setup_intent', intent, 'setup_intent.created');
  return intent;
}

/** Saves a means of payment with the customer. */
export function succeedSetup(account: Account, intent: SetupIntent, method: PaymentMethod): SetupIntent {
  if (intent.customer !== null) attachMethod(account, method, intent.customer);
  const changes = { status: 'succeeded', payment_method: method.id, last_setup_error: null } as const;
  return account.update('setup_intent', intent, changes, 'setup_intent.succeeded');
}

/** Records that a card was declined when it was to be saved. */
export function failSetup(account: Account, intent: SetupIntent): SetupIntent {
  const error = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' } as const;
  const failed = account.update('setup_intent', intent, { last_setup_error: error }, null);
  account.emit('setup_intent.setup_failed', failed);
  return failed;
}
