import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { expand, notSimulated, text } from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';

export interface PortalSession {
  id: string;
  object: 'billing_portal.session';
  configuration: string;
  created: number;
  customer: string;
  customer_account: null;
  flow: null | {
    after_completion: { hosted_confirmation: null; redirect: null; type: 'portal_homepage' };
    customer_update: null;
    subscription_cancel: null | { retention: null; subscription: string };
    subscription_pause: null;
    subscription_update: null | { subscription: string };
    subscription_update_confirm: null;
    type: 'payment_method_update' | 'subscription_cancel' | 'subscription_update';
  };
  livemode: false;
  locale: string | null;
  on_behalf_of: null;
  return_url: string | null;
  url: string;
}

const subscription = z.strictObject({ subscription: text(), ...notSimulated('retention') });

export const CreatePortalSession = z.strictObject({
  configuration: text().optional(),
  customer: text(),
  expand,
  flow_data: z
    .strictObject({
      subscription_cancel: subscription.optional(),
      subscription_update: subscription.optional(),
      type: z.enum(['payment_method_update', 'subscription_cancel', 'subscription_update']),
      ...notSimulated('after_completion', 'subscription_pause', 'subscription_update_confirm'),
    })
    .optional(),
  locale: text(10).optional(),
  return_url: text(2048).optional(),
  ...notSimulated('after_expiration', 'customer_account', 'on_behalf_of'),
});

/** Creates a session, whose page is at `/portal/:id`. Refuses when there is no configuration yet, as Stripe does. */
export function createPortalSession(
  account: Account,
  params: z.output<typeof CreatePortalSession>,
): PortalSession {
  const customer = account.get('customer', params.customer, 'customer');
  const id = account.newId('bps');
  const session: PortalSession = {
    id,
    object: 'billing_portal.session',
    configuration: configurationOf(account, params.configuration),
    created: account.now,
    customer: customer.id,
    customer_account: null,
    flow: flowOf(account, params.flow_data),
    livemode: false,
    locale: params.locale ?? null,
    on_behalf_of: null,
    return_url: params.return_url ?? null,
    url: `${account.origin}/portal/${id}`,
  };
  account.create('billing_portal.session', session, 'billing_portal.session.created');
  return session;
}

function configurationOf(account: Account, given: string | undefined): string {
  if (given !== undefined) return account.get('billing_portal.configuration', given, 'configuration').id;
  const [standard] = account.objects.list('billing_portal.configuration', {
    where: { '$.is_default': true },
    order: 'oldest first',
    limit: 1,
  });
  if (standard !== undefined) return standard.id;
  throw invalidRequest(
    'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings.',
  );
}

function flowOf(
  account: Account,
  given: z.output<typeof CreatePortalSession>['flow_data'],
): PortalSession['flow'] {
  if (given === undefined) return null;
  const { type, subscription_cancel: cancel, subscription_update: update } = given;
  for (const [name, one] of Object.entries({ subscription_cancel: cancel, subscription_update: update })) {
    if (type === name && one === undefined)
      throw invalidRequest(`Missing required param: flow_data[${name}].`, {
        code: 'parameter_missing',
        param: `flow_data[${name}]`,
      });
    if (one !== undefined) account.get('subscription', one.subscription, `flow_data[${name}][subscription]`);
  }
  return {
    after_completion: { hosted_confirmation: null, redirect: null, type: 'portal_homepage' },
    customer_update: null,
    subscription_cancel: cancel ? { retention: null, subscription: cancel.subscription } : null,
    subscription_pause: null,
    subscription_update: update ? { subscription: update.subscription } : null,
    subscription_update_confirm: null,
    type,
  };
}
