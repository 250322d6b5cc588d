import { z } from 'zod';
import type { Account } from '../account/account.ts';
import type { Metadata } from '../account/metadata.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { boolean, expand, list, metadata, notSimulated, text, unsettable } from '../wire/parameters.ts';

export interface PortalFeatures {
  customer_update: { allowed_updates: string[]; enabled: boolean };
  invoice_history: { enabled: boolean };
  payment_method_update: { enabled: boolean; payment_method_configuration: null };
  subscription_cancel: {
    cancellation_reason: { enabled: boolean; feedback_options: null; options: string[] };
    enabled: boolean;
    mode: 'at_period_end' | 'immediately';
    proration_behavior: 'always_invoice' | 'create_prorations' | 'none';
  };
  subscription_pause: { duration: { interval_options: []; type: 'indefinite' }; enabled: false };
  subscription_update: {
    billing_cycle_anchor: null;
    default_allowed_updates: string[];
    enabled: boolean;
    products: {
      adjustable_quantity: { enabled: false; maximum: null; minimum: 1 };
      prices: string[];
      product: string;
    }[];
    proration_behavior: 'always_invoice' | 'create_prorations' | 'none';
    schedule_at_period_end: { conditions: { type: string }[] };
    trial_update_behavior: 'continue_trial';
  };
}

export interface PortalConfiguration {
  id: string;
  object: 'billing_portal.configuration';
  active: boolean;
  application: null;
  business_profile: Record<'headline' | 'privacy_policy_url' | 'terms_of_service_url', string | null>;
  created: number;
  default_return_url: string | null;
  features: PortalFeatures;
  is_default: boolean;
  livemode: false;
  login_page: { enabled: false; url: null };
  metadata: Metadata;
  name: string | null;
  updated: number;
}

const proration = z.enum(['always_invoice', 'create_prorations', 'none']).optional();
const enabled = z.strictObject({ enabled: boolean }).optional();

const features = z.strictObject({
  customer_update: z
    .strictObject({
      allowed_updates: list(z.enum(['address', 'email', 'name', 'phone', 'shipping', 'tax_id'])).optional(),
      enabled: boolean,
    })
    .optional(),
  invoice_history: enabled,
  payment_method_update: enabled,
  subscription_cancel: z
    .strictObject({
      enabled: boolean,
      mode: z.enum(['at_period_end', 'immediately']).optional(),
      proration_behavior: proration,
      ...notSimulated('cancellation_reason'),
    })
    .optional(),
  subscription_update: z
    .strictObject({
      default_allowed_updates: list(z.enum(['price', 'promotion_code', 'quantity'])).optional(),
      enabled: boolean,
      products: list(
        z.strictObject({ prices: list(text()), product: text(), ...notSimulated('adjustable_quantity') }),
      ).optional(),
      proration_behavior: proration,
      ...notSimulated('billing_cycle_anchor', 'schedule_at_period_end', 'trial_update_behavior'),
    })
    .optional(),
  ...notSimulated('subscription_pause'),
});

const common = {
  business_profile: z
    .strictObject({
      headline: unsettable(text(60)).optional(),
      privacy_policy_url: text().optional(),
      terms_of_service_url: text().optional(),
    })
    .optional(),
  default_return_url: unsettable(text()).optional(),
  expand,
  metadata,
  name: unsettable(text()).optional(),
  ...notSimulated('login_page'),
};

export const CreateConfiguration = z.strictObject({ ...common, features });
export const UpdateConfiguration = z.strictObject({
  ...common,
  active: boolean.optional(),
  features: features.optional(),
});

type GivenFeatures = z.output<typeof features>;

const blankFeatures: PortalFeatures = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: [],
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'continue_trial',
  },
};

/** Creates what a portal's pages may do; the first one is the account's default. */
export function createConfiguration(
  account: Account,
  params: z.output<typeof CreateConfiguration>,
): PortalConfiguration {
  const configuration: PortalConfiguration = {
    id: account.newId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: {
      headline: null,
      privacy_policy_url: null,
      terms_of_service_url: null,
      ...definedOf(params.business_profile ?? {}),
    },
    created: account.now,
    default_return_url: params.default_return_url ?? null,
    features: changeFeatures(account, blankFeatures, params.features),
    is_default: account.objects.count('billing_portal.configuration', {}) === 0,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    updated: account.now,
  };
  account.create('billing_portal.configuration', configuration, 'billing_portal.configuration.created');
  return configuration;
}

/** Changes what is given; a feature given replaces only its own fields. */
export function updateConfiguration(
  account: Account,
  params: z.output<typeof UpdateConfiguration>,
  id: string,
): PortalConfiguration {
  const before = account.get('billing_portal.configuration', id);
  const { active, business_profile: profile, default_return_url: url, name } = params;
  const changes = {
    ...definedOf({ active, default_return_url: url, name }),
    business_profile: { ...before.business_profile, ...definedOf(profile ?? {}) },
    features: params.features ? changeFeatures(account, before.features, params.features) : before.features,
    metadata: mergeMetadata(before.metadata, params.metadata),
    updated: account.now,
  };
  return account.update(
    'billing_portal.configuration',
    before,
    changes,
    'billing_portal.configuration.updated',
  );
}

function changeFeatures(account: Account, before: PortalFeatures, given: GivenFeatures): PortalFeatures {
  const products = given.subscription_update?.products?.map(({ product, prices }) => ({
    adjustable_quantity: { enabled: false as const, maximum: null, minimum: 1 as const },
    prices: prices.map((price) => account.get('price', price, 'features[subscription_update][products]').id),
    product: account.get('product', product, 'features[subscription_update][products]').id,
  }));
  const { products: _given, ...update } = given.subscription_update ?? {};
  return {
    ...before,
    customer_update: { ...before.customer_update, ...definedOf(given.customer_update ?? {}) },
    invoice_history: { ...before.invoice_history, ...given.invoice_history },
    payment_method_update: { ...before.payment_method_update, ...given.payment_method_update },
    subscription_cancel: { ...before.subscription_cancel, ...definedOf(given.subscription_cancel ?? {}) },
    subscription_update: {
      ...before.subscription_update,
      ...definedOf(update),
      ...(products && { products }),
    },
  };
}

function definedOf<Values extends object>(values: Values) {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Values]: Exclude<Values[Name], undefined> };
}
